package io.adjoint.testkit.catalogue;

import java.util.List;
import java.util.Map;

/** Functions of one number that a calculator has, and the special ones. */
final class ElementaryFamily implements Family {
    @Override
    public String title() {
        return "Elementary functions";
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
