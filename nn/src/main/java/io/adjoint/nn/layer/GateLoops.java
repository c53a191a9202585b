package io.adjoint.nn.layer;

import io.adjoint.core.loops.Storage;
import java.util.List;
import java.util.stream.Stream;

/**
 * The elementwise part of a recurrent cell, after the products with its weights: loops over consecutive hidden units in one floating type.
 */
interface GateLoops<A> {
    /** Computes a step for n units: reads the products (and h and c), and writes {@code kept}, the next h and the next c. */
    void forward(Frame<A> frame, int n);

    /**
     * The backward rule of {@link #forward}. The loop reads {@code kept}, the state before the step ({@code before} and {@code cell}), and
     * the upstream gradients of h and c. It writes the gradients of {@code sums}, of {@code inputs} if they are {@linkplain
     * Gates#isSeparate separate}, and of h and c.
     * The gradient of h excludes the part that flows through the product with h.
     */
    void backward(Frame<A> frame, int n);

    /**
     * The arrays that a loop reads and writes, for some samples of a step; an index stands for the same unit of the same sample in all
     * arrays.
     */
    final class Frame<A> {
        /** The hidden state h before the step; empty if the products are not {@linkplain Gates#isSeparate separate}. */
        final A before;
        /** The cell state c before the step, for the backward rule; empty if there is no cell state. */
        final A cell;
        /** The hidden state h after the step; in the backward rule the gradient of h. */
        final A h;
        /** The cell state c before the step, then after it; in the backward rule the gradient of c. */
        final A c;

        /** Each gate's product with the input, if the products are separate. */
        final List<A> inputs;
        /** Each gate's product with h, if the products are separate; else the sum of its products with the input and with h. */
        final List<A> sums;
        /** The arrays that a step keeps for its backward rule. */
        final List<A> kept;

        Frame(Gates gates, Storage<A> storage, int units) {
            inputs = arrays(gates.isSeparate() ? gates.count : 0, storage, units);
            sums = arrays(gates.count, storage, units);
            kept = arrays(gates.kept, storage, units);
            before = storage.allocate(gates.isSeparate() ? units : 0);
            cell = storage.allocate(gates.hasCell() ? units : 0);
            h = storage.allocate(units);
            c = storage.allocate(gates.hasCell() ? units : 0);
        }

        private static <A> List<A> arrays(int count, Storage<A> storage, int units) {
            return Stream.generate(() -> storage.allocate(units)).limit(count).toList();
        }
    }
}
