package demo;

import static io.adjoint.autograd.Autograd.op;
import static io.adjoint.autograd.Edge.edge;

import io.adjoint.autograd.Tensor;
import io.adjoint.testkit.Domain;
import io.adjoint.testkit.GradientProperty;

class MyOpsProperties {
    @GradientProperty(order = 2)
    Tensor softplus(@Domain(min = -30, max = 30) Tensor x) {
        return MyOps.softplus(x);
    }

    @GradientProperty(order = 2)
    Tensor hypot(@Domain(min = 0.5, max = 3) Tensor a, @Domain(min = 0.5, max = 3) Tensor b) {
        return MyOps.hypot(a, b);
    }

    /** Its gradient is meant to be another function's. */
    @GradientProperty(order = 2, surrogate = "identity")
    Tensor straightThrough(@Domain Tensor x) {
        return op("straightThrough", x.data().map(Math::rint), edge(x, g -> g));
    }

    Tensor identity(Tensor x) {
        return x.mul(1);
    }
}
