package io.adjoint.testkit.catalogue;

import java.util.List;
import java.util.Map;

/** Functions of one number that networks use between layers. */
final class ActivationFamily implements Family {
    @Override
    public String title() {
        return "Activations";
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
