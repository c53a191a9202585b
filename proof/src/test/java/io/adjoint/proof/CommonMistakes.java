package io.adjoint.proof;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;

/** Adds wrong calls that are tested for many operations to their entries. */
final class CommonMistakes {
    private CommonMistakes() {}

    /** Adds the wrong calls of an operation of one tensor: BOOL elements, and wrong backward passes. */
    static UnaryOperator<Entry> ofOne(UnaryOperator<Tensor> operation) {
        return entry -> entry.rejects("BOOL elements", x -> operation.apply(x.to(DType.BOOL)), "BOOL … to(FLOAT64)")
                .rejects(ofBackward(operation));
    }

    /** Adds wrong backward passes: with a gradient of the wrong shape, and a second pass over a released graph. */
    static UnaryOperator<Entry> ofBackward(UnaryOperator<Tensor> operation) {
        return entry -> entry.fails(
                        "a gradient of the wrong shape",
                        x -> {
                            operation.apply(x).backward(Tensor.of(1, 2, 3, 4, 5));
                            return x;
                        },
                        "backward … [5] … equal in shape")
                .fails(
                        "a second backward pass",
                        x -> {
                            Tensor sum = operation
                                    .apply(x.detach().requiresGrad(true))
                                    .sum();
                            sum.backward();
                            sum.backward();
                            return x;
                        },
                        "backward … GraphMode.KEEP");
    }

    /** Adds the wrong calls of an operation of two tensors that broadcast. */
    static UnaryOperator<Entry> ofTwo(BinaryOperator<Tensor> operation) {
        return entry -> entry.rejects(
                        "shapes that do not broadcast",
                        x -> operation.apply(x, Tensor.of(1, 2)),
                        "[2, 3] … [2] … axis -1")
                .rejects("two dtypes", x -> operation.apply(x, x.to(DType.FLOAT32)), "FLOAT64 … FLOAT32 … to(FLOAT64)")
                .rejects(
                        "BOOL elements",
                        x -> operation.apply(x.to(DType.BOOL), x.to(DType.BOOL)),
                        "BOOL … to(FLOAT64)");
    }
}
