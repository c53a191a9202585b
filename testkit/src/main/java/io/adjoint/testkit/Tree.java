package io.adjoint.testkit;

import java.util.Arrays;
import java.util.Random;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCases;
import net.jqwik.api.RandomGenerator;
import net.jqwik.api.Shrinkable;
import net.jqwik.api.ShrinkingDistance;

/**
 * A value, and the simpler values to which the value may shrink if a check fails. Only strictly simpler values are offered, so that
 * shrinking ends.
 */
final class Tree<T> implements Shrinkable<T> {
    private final Supplier<T> source;
    private final Supplier<long[]> far;
    private final Supplier<Stream<Tree<T>>> children;

    /**
     * A value with its children: the simpler values to which it may shrink.
     *
     * @param far the distance from the simplest value, compared lexicographically
     */
    Tree(Supplier<T> source, long[] far, Supplier<Stream<Tree<T>>> children) {
        this(source, () -> far, children);
    }

    /** A value with a distance that is computed lazily, since values that pass the check need no distance. */
    Tree(Supplier<T> source, Supplier<long[]> far, Supplier<Stream<Tree<T>>> children) {
        this.source = source;
        this.far = far;
        this.children = children;
    }

    /** A value that doesn't shrink. */
    static <T> Tree<T> leaf(T value) {
        return new Tree<>(() -> value, new long[] {0}, Stream::empty);
    }

    @Override
    public T value() {
        return source.get();
    }

    @Override
    public Stream<Shrinkable<T>> shrink() {
        long[] own = far.get();
        return children.get().filter(child -> child.isSimplerThan(own)).map(child -> child);
    }

    @Override
    public ShrinkingDistance distance() {
        return ShrinkingDistance.of(far.get());
    }

    private boolean isSimplerThan(long[] other) {
        return Arrays.compare(far.get(), other) < 0;
    }

    /** An arbitrary whose values a function draws. */
    static <T> Arbitrary<T> arbitrary(Function<Random, ? extends Shrinkable<T>> draw) {
        return new Drawn<>(draw);
    }

    private record Drawn<T>(Function<Random, ? extends Shrinkable<T>> draw) implements Arbitrary<T> {
        @Override
        public RandomGenerator<T> generator(int genSize) {
            return draw::apply;
        }

        /**
         * No edge cases: special elements are drawn often enough anyway, and edge cases of several tensors would displace almost all random
         * cases.
         */
        @Override
        public EdgeCases<T> edgeCases(int maxEdgeCases) {
            return EdgeCases.none();
        }
    }
}
