package io.adjoint.testkit.catalogue;

import java.util.List;
import java.util.Map;

/** Operations of two tensors, or of one and a number. */
final class ArithmeticFamily implements Family {
    @Override
    public String title() {
        return "Arithmetic";
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
