package demo;

import static io.adjoint.autograd.Autograd.op;
import static io.adjoint.autograd.Edge.edge;

import io.adjoint.autograd.Tensor;

/** Operations that Adjoint does not have. */
public final class MyOps {
    private MyOps() {}

    /** {@code log(1 + eˣ)} without overflow. */
    public static Tensor softplus(Tensor x) {
        return op(
                "softplus",
                x.data().map(v -> Math.max(v, 0) + Math.log1p(Math.exp(-Math.abs(v)))),
                edge(x, g -> g.mul(x.sigmoid())));
    }

    /** {@code √(a² + b²)}, with a mistake in the gradient of b. */
    public static Tensor hypot(Tensor a, Tensor b) {
        return op(
                "hypot",
                a.data().zip(b.data(), Math::hypot),
                edge(a, g -> g.mul(a).div(length(a, b))),
                edge(b, g -> g.mul(a).div(length(a, b))));
    }

    private static Tensor length(Tensor a, Tensor b) {
        return a.square().add(b.square()).sqrt();
    }
}
