package io.adjoint.testkit;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.DTypeException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * That FLOAT32 gives what FLOAT64 does: to the operation's tolerance, and to as much as the rounding of the inputs changes. A
 * function such as sin(100x) has a hundred times that error, whoever computes it.
 */
final class FloatCheck {
    /** Twice the rounding to FLOAT32. */
    private static final double ROUNDING = 0x1p-23;
    /** As the largest change is estimated from two. */
    private static final double CAUTION = 4;

    private static final String FLOAT64_ONLY =
            "; an operation for FLOAT64 alone is excepted from OperationCheck.FLOATS";

    private FloatCheck() {}

    static void check(Operation operation, Case drawn) {
        if (drawn.inputs().stream().noneMatch(input -> input.dtype().isFloating())) {
            return;
        }
        // Both compute with what FLOAT32 can represent.
        Run floats = ofFloats(operation, rounded(drawn, DType.FLOAT32, 0, 0));
        Run doubles = Run.of(operation, rounded(drawn, DType.FLOAT64, 0, 0));
        List<Run> changed = List.of(
                Run.of(operation, rounded(drawn, DType.FLOAT64, ROUNDING, ROUNDING)),
                Run.of(operation, rounded(drawn, DType.FLOAT64, ROUNDING, -ROUNDING)));
        requireNear(
                "the value",
                operation,
                floats.value(),
                doubles.value(),
                changed.stream().map(Run::value));
        for (int k = 0; k < floats.gradients().size(); k++) {
            int gradient = k;
            requireNear(
                    "the gradient of input " + k,
                    operation,
                    floats.gradients().get(k),
                    doubles.gradients().get(k),
                    changed.stream().map(run -> run.gradients().get(gradient)));
        }
    }

    private static Run ofFloats(Operation operation, Case drawn) {
        try {
            return Run.of(operation, drawn);
        } catch (DTypeException mixed) {
            throw new AssertionError("FLOAT32 inputs: " + mixed.getMessage() + FLOAT64_ONLY, mixed);
        }
    }

    /** The case with numbers that FLOAT32 can represent, every other one larger by a part of itself, and these by another part. */
    private static Case rounded(Case drawn, DType dtype, double part, double otherPart) {
        AtomicInteger count = new AtomicInteger();
        List<Tensor> inputs = drawn.inputs().stream()
                .map(Tensor::data)
                .map(array ->
                        array.dtype().isFloating() ? array.to(DType.FLOAT32).to(dtype) : array.copy())
                .map(array -> part == 0 || !array.dtype().isFloating()
                        ? array
                        : array.map(v -> v * (1 + (count.getAndIncrement() % 2 == 0 ? part : otherPart))))
                .map(Tensor::of)
                .toList();
        return new Case(inputs, drawn.arguments(), drawn.result());
    }

    private static void requireNear(
            String what, Operation operation, Tensor narrow, Tensor wide, Stream<Tensor> changed) {
        if (wide.dtype() == DType.FLOAT64 && narrow.dtype() != DType.FLOAT32) {
            throw new AssertionError(what + " of FLOAT32 inputs is " + narrow.dtype() + FLOAT64_ONLY);
        }
        Agreement.requireShape(what + " of FLOAT32 inputs", narrow.shape(), wide.shape());
        double change = !wide.dtype().isFloating()
                ? 0
                : changed.mapToDouble(other -> Agreement.largest(other.sub(wide)))
                        .max()
                        .orElse(0);
        Agreement.requireClose(
                what + " of FLOAT32 inputs",
                narrow.data(),
                wide.data(),
                operation.floatTolerance(),
                1 + CAUTION * change / operation.floatTolerance(),
                "in FLOAT64");
    }
}
