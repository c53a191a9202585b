package io.adjoint.proof;

import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.transforms.JacobianMode;
import io.adjoint.core.Generator;
import io.adjoint.fit.Fit;
import io.adjoint.fit.LeastSquares;
import io.adjoint.fit.Minimize;
import io.adjoint.fit.Minimum;
import io.adjoint.fit.RobustLoss;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Fits, with every loss and with bounds, and computes digests of the parameters, their standard errors and all costs. */
final class ShortFits {
    private static final int PARAMETERS = 30;

    private ShortFits() {}

    /** The digests by name. */
    static Map<String, String> digests() {
        Generator random = new Generator(1);
        Tensor a = Tensor.randn(random, PARAMETERS, 3 * PARAMETERS).div(5);
        Tensor y = Tensor.randn(random, 3 * PARAMETERS);
        Tensor weights = Tensor.rand(random, 3 * PARAMETERS);
        LeastSquares<Tensor> squares = LeastSquares.of(
                        (Tensor p) -> p.matmul(a).tanh().sub(y))
                .weights(weights)
                .bounds(Tensor.scalar(-1), Tensor.scalar(1));
        Map<String, String> digests = new TreeMap<>();
        for (RobustLoss loss : RobustLoss.values()) {
            digests.put(loss.name(), digest(squares.loss(loss, 0.3)));
        }
        for (JacobianMode mode : List.of(JacobianMode.ROWS, JacobianMode.BATCH)) {
            digests.put("Jacobian by " + mode, digest(squares.jacobian(mode)));
        }
        Minimum<Tensor> minimum = Minimize.of((Tensor p) ->
                        p.matmul(a).tanh().sub(y).square().mul(weights).sum())
                .bounds(Tensor.scalar(-1), Tensor.scalar(1))
                .from(Tensor.zeros(PARAMETERS));
        digests.put(
                "Minimize",
                new Digest()
                        .add(minimum.parameters())
                        .add(minimum.history().stream()
                                .mapToDouble(iterate -> iterate.cost())
                                .toArray())
                        .text());
        return digests;
    }

    private static String digest(LeastSquares<Tensor> squares) {
        Fit<Tensor> fit = squares.from(Tensor.zeros(PARAMETERS));
        return new Digest()
                .add(fit.parameters())
                .add(fit.standardErrors())
                .add(fit.history().stream()
                        .mapToDouble(iterate -> iterate.cost())
                        .toArray())
                .text();
    }
}
