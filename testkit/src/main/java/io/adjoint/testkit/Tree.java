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

/** A value with the simpler values that a failing one may become. Only strictly simpler ones are offered, so that shrinking ends. */
final class Tree<T> implements Shrinkable<T> {
    private final Supplier<T> source;
    private final Supplier<long[]> far;
    private final Supplier<Stream<Tree<T>>> children;

    /**
     * A value with its children.
     *
     * @param far how far it is from the simplest value, compared from left to right
     */
    Tree(Supplier<T> source, long[] far, Supplier<Stream<Tree<T>>> children) {
        this(source, () -> far, children);
    }

    /** The same with a distance that is computed when it is asked for: of values that pass, nobody asks. */
    Tree(Supplier<T> source, Supplier<long[]> far, Supplier<Stream<Tree<T>>> children) {
        this.source = source;
        this.far = far;
        this.children = children;
    }

    /** A value that stays as it is. */
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

    /** An arbitrary of what the function draws. */
    static <T> Arbitrary<T> arbitrary(Function<Random, ? extends Shrinkable<T>> draw) {
        return new Drawn<>(draw);
    }

    private record Drawn<T>(Function<Random, ? extends Shrinkable<T>> draw) implements Arbitrary<T> {
        @Override
        public RandomGenerator<T> generator(int genSize) {
            return draw::apply;
        }

        /** None: special elements are drawn often enough, and an edge case of several tensors would be all but random ones. */
        @Override
        public EdgeCases<T> edgeCases(int maxEdgeCases) {
            return EdgeCases.none();
        }
    }
}
