package io.adjoint.testkit;

import static io.adjoint.testkit.Agreement.requireClose;
import static io.adjoint.testkit.Agreement.requireSame;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.InPlace;
import io.adjoint.core.NdArray;
import java.util.List;
import java.util.Objects;

/** Implements the checks of {@link OptimizerCheck} that concern the gradients of a step, and elements in another order. */
final class StepChecks {
    /** The number of steps with large parameters. */
    private static final int FEW_STEPS = 2;

    /**
     * The tolerance between the ways of elements in the given and in reverse order, relative to the longest way: a sum over all elements,
     * as of a norm, is rounded differently. Muon's products of FLOAT32 matrices differ by 4e-6.
     */
    private static final double ORDER = 1e-5;

    private StepChecks() {}

    /** Compares a run in which each step has new gradients with a run that writes them to the arrays of the step before. */
    static void gradients(OptimizerSpec spec, long seed) {
        for (DType dtype : List.of(DType.FLOAT64, DType.FLOAT32)) {
            Descent fresh = Descent.of(spec, Descent.values(spec, seed, dtype));
            Descent reused = Descent.of(spec, Descent.values(spec, seed, dtype));
            if (fresh.optimizer().needsClosure()) {
                return;
            }
            List<NdArray> arrays =
                    reused.parameters().stream().map(p -> p.data().copy()).toList();
            for (int k = 0; k < arrays.size(); k++) {
                reused.parameters().get(k).setGrad(Tensor.of(arrays.get(k)));
            }
            for (int step = 0; step < OptimizerChecks.STEPS; step++) {
                fresh.step(seed + step);
                for (int k = 0; k < arrays.size(); k++) {
                    NdArray gradient = Descent.gradient(arrays.get(k).shape(), seed + step, k)
                            .to(dtype);
                    InPlace.assign(arrays.get(k), gradient);
                }
                reused.optimizer().step();
                for (int k = 0; k < arrays.size(); k++) {
                    requireSame(
                            "the gradient of the " + dtype + " parameter " + k + " after step " + (step + 1),
                            arrays.get(k),
                            "before",
                            Descent.gradient(arrays.get(k).shape(), seed + step, k));
                }
            }
            OptimizerChecks.requireSameValues(
                    "in " + dtype + ", whose gradients were written to the arrays of the step before,",
                    reused.values(),
                    "with new arrays",
                    fresh.values());
        }
    }

    /** Compares how far the elements go with how far they go in reverse order. */
    static void order(OptimizerSpec spec, long seed) {
        for (DType dtype : List.of(DType.FLOAT64, DType.FLOAT32)) {
            List<NdArray> start = spec.isOfAnyShape()
                    ? Descent.values(spec, seed, dtype, Descent.LARGE)
                    : Descent.values(spec, seed, dtype);
            Descent forwards = Descent.of(spec, start);
            Descent backwards =
                    Descent.of(spec, start.stream().map(StepChecks::reversed).toList());
            if (forwards.optimizer().needsClosure()) {
                return;
            }
            for (int step = 0; step < FEW_STEPS; step++) {
                forwards.step(seed + step);
                for (int k = 0; k < start.size(); k++) {
                    Tensor gradient =
                            Objects.requireNonNull(forwards.parameters().get(k).grad());
                    backwards.parameters().get(k).setGrad(Tensor.of(reversed(gradient.data())));
                }
                backwards.optimizer().step();
            }
            for (int k = 0; k < start.size(); k++) {
                requireClose(
                        "the way of the " + dtype + " parameter " + k + " in " + FEW_STEPS + " steps",
                        forwards.parameters().get(k).data().sub(start.get(k)),
                        reversed(backwards.parameters().get(k).data()).sub(start.get(k)),
                        ORDER,
                        0,
                        "with all elements in reverse order");
            }
        }
    }

    private static NdArray reversed(NdArray array) {
        return array.flip().copy();
    }
}
