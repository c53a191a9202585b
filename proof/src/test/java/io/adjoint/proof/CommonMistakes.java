package io.adjoint.proof;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;

/** Wrong calls that many operations have in common. */
final class CommonMistakes {
    private CommonMistakes() {}

    /** Those of an operation whose name messages say: no BOOL, and backward passes that are wrong. */
    static Entry ofOne(Entry entry, String name, UnaryOperator<Tensor> operation) {
        return ofBackward(
                entry.rejects("BOOL elements", x -> operation.apply(x.to(DType.BOOL)), name, "BOOL", "to(FLOAT64)"),
                operation);
    }

    /** Backward passes from the result with a gradient of the wrong shape, and twice. */
    static Entry ofBackward(Entry entry, UnaryOperator<Tensor> operation) {
        return entry.rejects(
                        "a gradient of the wrong shape",
                        x -> {
                            operation.apply(x).backward(Tensor.of(1, 2, 3, 4, 5));
                            return x;
                        },
                        "backward",
                        "[5]",
                        "equal in shape")
                .rejects(
                        "a second backward pass",
                        x -> {
                            Tensor sum = operation
                                    .apply(x.detach().requiresGrad(true))
                                    .sum();
                            sum.backward();
                            sum.backward();
                            return x;
                        },
                        "backward",
                        "GraphMode.KEEP");
    }

    /** Those of an operation of two tensors that broadcast. */
    static Entry ofTwo(Entry entry, String name, BinaryOperator<Tensor> operation) {
        return entry.rejects(
                        "shapes that do not broadcast",
                        x -> operation.apply(x, Tensor.of(1, 2)),
                        name + ":",
                        "[2, 3]",
                        "[2]",
                        "axis -1")
                .rejects(
                        "two dtypes",
                        x -> operation.apply(x, x.to(DType.FLOAT32)),
                        name + ":",
                        "FLOAT64",
                        "FLOAT32",
                        "to(FLOAT64)")
                .rejects(
                        "BOOL elements",
                        x -> operation.apply(x.to(DType.BOOL), x.to(DType.BOOL)),
                        name + ":",
                        "BOOL",
                        "to(FLOAT64)");
    }
}
