package io.adjoint.core;

import java.util.List;
import java.util.stream.Stream;

/**
 * The computation of a recurrent cell for each of its hidden units, after the products with its weights: loops over consecutive numbers
 * of one floating type.
 *
 * @hidden
 */
@Internal
public interface GateLoops<A> {
    /** The number of gates, G. */
    int gates();

    /** The number of arrays that {@link #forward} leaves for {@link #backward}. */
    int kept();

    /** Returns whether the state has a part c beside h. */
    boolean hasCell();

    /** Returns whether a gate needs the products with the input and with h separately, and h itself, in place of the products' sum. */
    boolean isSeparate();

    /** A step of n units: from the products (and h, and c) to {@code kept}, the next h and the next c. */
    void forward(Frame<A> frame, int n);

    /**
     * The backward rule of {@link #forward}: from {@code kept}, {@code before} and {@code cell}, the parts of the state before the
     * step, and from the upstream gradients in h and c to the gradients in {@code sums} and, if they are separate, {@code inputs}, and
     * in h and c. The gradient in h is the one beside that through the product.
     */
    void backward(Frame<A> frame, int n);

    /** The arrays of a step, one index in all of them being one unit. */
    final class Frame<A> {
        /** The h before the step, if the products are separate. */
        public final A before;
        /** The c before the step, in the backward rule. */
        public final A cell;
        /** The h after the step, or the gradient in h. */
        public final A h;
        /** The c before and after the step, or the gradient in c. */
        public final A c;

        final List<A> inputs;
        final List<A> sums;
        final List<A> kept;

        Frame(GateLoops<A> loops, Storage<A> storage, int units) {
            inputs = arrays(loops.isSeparate() ? loops.gates() : 0, storage, units);
            sums = arrays(loops.gates(), storage, units);
            kept = arrays(loops.kept(), storage, units);
            before = storage.allocate(loops.isSeparate() ? units : 0);
            cell = storage.allocate(loops.hasCell() ? units : 0);
            h = storage.allocate(units);
            c = storage.allocate(loops.hasCell() ? units : 0);
        }

        private static <A> List<A> arrays(int count, Storage<A> storage, int units) {
            return Stream.generate(() -> storage.allocate(units)).limit(count).toList();
        }

        /** A gate's product with the input, if they are separate. */
        public A inputs(int gate) {
            return inputs.get(gate);
        }

        /** A gate's product with h, if they are separate; else the sum of both. */
        public A sums(int gate) {
            return sums.get(gate);
        }

        /** One of the arrays that a step keeps for its backward rule. */
        public A kept(int k) {
            return kept.get(k);
        }
    }
}
