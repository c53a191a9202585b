package io.adjoint.proof;

import java.util.List;
import java.util.stream.Stream;

/** The catalogue of all operations of the library, by family. */
final class Catalogue {
    static final List<Family> FAMILIES = List.of(
            new ArithmeticFamily(),
            new SelectionFamily(),
            new ComparisonFamily(),
            new IntegerFamily(),
            new ElementaryFamily(),
            new SpecialFamily(),
            new ActivationFamily(),
            new ReductionFamily(),
            new ScanFamily(),
            new ShapingFamily(),
            new IndexingFamily(),
            new GatheringFamily(),
            new SortingFamily(),
            new LinalgFamily(),
            new DecompositionFamily(),
            new ConvolutionFamily(),
            new LossFamily());

    private Catalogue() {}

    static Stream<Entry> entries() {
        return FAMILIES.stream().flatMap(family -> family.entries().stream());
    }
}
