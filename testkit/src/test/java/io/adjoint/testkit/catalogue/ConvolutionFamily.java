package io.adjoint.testkit.catalogue;

import java.util.List;
import java.util.Map;

/** What slides over images and signals. */
final class ConvolutionFamily implements Family {
    @Override
    public String title() {
        return "Convolution and pooling";
    }

    @Override
    public List<Entry> entries() {
        return List.of();
    }

    @Override
    public Map<String, Golden> golden() {
        return Map.of();
    }
}
