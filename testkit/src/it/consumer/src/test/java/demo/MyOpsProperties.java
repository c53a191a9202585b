package demo;

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
}
