package io.adjoint.testkit.catalogue;

import java.util.List;
import java.util.Map;

/** Losses and the functions that layers compute. */
final class LossFamily implements Family {
    @Override
    public String title() {
        return "Losses and layers";
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
