package io.adjoint.testkit.catalogue;

import java.util.List;
import java.util.Map;

/** What becomes of many elements along axes. */
final class ReductionFamily implements Family {
    @Override
    public String title() {
        return "Reductions and scans";
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
