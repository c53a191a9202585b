package io.adjoint.testkit.catalogue;

import java.util.List;
import java.util.Map;

/** Other shapes and orders of the same elements, parts of them and joins. */
final class ShapingFamily implements Family {
    @Override
    public String title() {
        return "Shapes";
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
