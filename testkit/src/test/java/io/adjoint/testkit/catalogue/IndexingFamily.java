package io.adjoint.testkit.catalogue;

import java.util.List;
import java.util.Map;

/** Elements picked, put or sorted by index. */
final class IndexingFamily implements Family {
    @Override
    public String title() {
        return "Indexing";
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
