package io.adjoint.testkit.catalogue;

import java.util.List;
import java.util.Map;

/** Solutions, determinants and decompositions of matrices. */
final class DecompositionFamily implements Family {
    @Override
    public String title() {
        return "Linear algebra";
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
