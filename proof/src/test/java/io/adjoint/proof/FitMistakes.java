package io.adjoint.proof;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.fit.Fit;
import io.adjoint.fit.LeastSquares;
import io.adjoint.fit.Minimize;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Wrong calls of fits, and fits whose results say what is wrong: docs/errors.md quotes their messages. */
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
            () -> fit(LeastSquares.of((Tensor p) -> p.sub(p.detach().mul(2)).sub(DATA)), Tensor.of(5)),
            () -> fit(LeastSquares.of(FitMistakes::logOfPositive), Tensor.of(3)),
            () -> minimize(Minimize.of((Tensor p) -> p.sum()), DATA),
            () -> minimize(Minimize.of((Tensor p) -> p), DATA));

    private FitMistakes() {}

    private static Tensor logOfPositive(Tensor p) {
        if (p.item() <= 0) {
            throw new IllegalArgumentException("no logarithm of " + p);
        }
        return p.log().add(3).repeat(2);
    }

    private static void from(Tensor start) {
        fit(SQUARES, start);
    }

    private static void minimize(Minimize<Tensor> minimize, Tensor start) {
        throw new IllegalStateException(minimize.from(start).toString());
    }

    /** Throws the table of the fit. */
    private static void fit(LeastSquares<Tensor> squares, Tensor start) {
        Fit<Tensor> fit = squares.from(start);
        throw new IllegalStateException(fit.toString());
    }
}
