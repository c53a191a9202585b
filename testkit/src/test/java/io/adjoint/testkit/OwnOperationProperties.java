package io.adjoint.testkit;

import static io.adjoint.autograd.Autograd.op;
import static io.adjoint.autograd.Edge.edge;

import io.adjoint.autograd.Tensor;

/** Operations as a user would write them, each with its complete test. */
class OwnOperationProperties {
    @GradientProperty(order = 2)
    Tensor softplus(@Domain(min = -30, max = 30) Tensor x) {
        return op(
                "softplus",
                x.data().map(v -> Math.max(v, 0) + Math.log1p(Math.exp(-Math.abs(v)))),
                edge(x, g -> g.mul(x.sigmoid())));
    }

    @GradientProperty(order = 2)
    Tensor product(@Domain Tensor a, @Domain(min = 1, max = 3) Tensor b) {
        return a.mul(b.log());
    }

    @GradientProperty(order = 2, shapes = "(...,n?,k),(...,k,m?)->(...,n?,m?)")
    Tensor matmul(@Domain Tensor a, @Domain Tensor b) {
        return a.matmul(b);
    }
}
