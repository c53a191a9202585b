package io.adjoint.testkit.catalogue;

import java.util.List;
import java.util.Map;

/** Products of vectors, matrices and tensors. */
final class LinalgFamily implements Family {
    @Override
    public String title() {
        return "Products";
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
