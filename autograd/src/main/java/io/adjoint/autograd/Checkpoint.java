package io.adjoint.autograd;

import io.adjoint.core.Generator;
import io.adjoint.core.Lease;
import io.adjoint.core.NdArray;
import io.adjoint.core.parallel.Clock;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/**
 * Gradient checkpointing: the backward pass {@linkplain Rerun runs a segment again}, so that its intermediate values need not be kept. The
 * arrays of both runs are left to the garbage collector, even in a {@link Workspace}.
 */
final class Checkpoint {
    /** Wraps a segment at its first run, so that its second run takes place in the same context, such as within the same layers. */
    private static volatile UnaryOperator<Supplier<Tensor>> surroundings = segment -> segment;

    private static final String OP = "checkpoint";
    private static final String RANDOM =
            " (Transforms.checkpoint(f, input, random) draws the same random numbers again)";

    private Checkpoint() {}

    static void recomputeIn(UnaryOperator<Supplier<Tensor>> restored) {
        surroundings = restored;
    }

    static Tensor run(RandomGenerator random, Function<RandomGenerator, Tensor> segment) {
        long seed = random.nextLong();
        return run(OP, () -> segment.apply(new Generator(seed)));
    }

    /** Runs a segment as one operation of the given name, whose backward rule runs the segment again. */
    static Tensor run(String op, Supplier<Tensor> segment) {
        Supplier<Tensor> function = () -> Callbacks.result(OP, "the function", segment.get());
        long since = Clock.tick();
        Tensor first = Lease.outside(function);
        Rerun rerun = Rerun.of(OP, first, since, RANDOM);
        if (rerun == null) {
            return first;
        }
        NdArray value = first.data();
        Node node = Node.of(op, value);
        Supplier<Tensor> again = surroundings.apply(function);
        rerun.link(node, g -> rerun.gradients(again, g, null), true);
        return new Tensor(value, node);
    }
}
