package io.adjoint.proof;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.fit.Fit;
import io.adjoint.fit.LeastSquares;
import io.adjoint.fit.Minimize;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** The wrong calls of fits, and the results that say what is wrong, whose messages docs/errors.md quotes. */
final class FitMistakes {
    private static final Tensor DATA = Tensor.of(1, 2, 3);
    private static final LeastSquares<Tensor> SQUARES =
            LeastSquares.of((Tensor p) -> p.sum().log().sub(DATA));

    static final List<ThrowingCallable> ALL = List.of(
            () -> from(Tensor.of(1, Double.NaN)),
            () -> from(Tensor.of(-1, 0)),
            () -> from(Tensor.of(1, 1, 1, 1)),
            () -> from(Tensor.of(1, 1).to(DType.FLOAT32)),
            () -> fit(LeastSquares.of((Tensor p) -> p.sqrt().sum().sub(DATA)), Tensor.of(0, 1)),
            () -> fit(LeastSquares.of((Tensor p) -> DATA), Tensor.of(1, 2)),
            () -> fit(SQUARES.bounds(Tensor.scalar(0), Tensor.scalar(1)), Tensor.of(1, 2)),
            () -> fit(SQUARES.maxEvaluations(2), Tensor.of(1, 9)),
            () -> from(Tensor.of(1, 9)),
            () -> fit(LeastSquares.of((Tensor p) -> p.select(0, 0).sub(DATA)), Tensor.of(1, 2)),
            () -> fit(
                    LeastSquares.of((Tensor p) -> p.sub(DATA)).bounds(Tensor.scalar(0), Tensor.scalar(2)),
                    Tensor.of(1, 1, 1)),
            () -> Minimize.of((Tensor p) -> p).from(DATA).ending());

    private FitMistakes() {}

    private static void from(Tensor start) {
        fit(SQUARES, start);
    }

    /** Throws the table of the fit. */
    private static void fit(LeastSquares<Tensor> squares, Tensor start) {
        Fit<Tensor> fit = squares.from(start);
        throw new IllegalStateException(fit.toString());
    }
}
