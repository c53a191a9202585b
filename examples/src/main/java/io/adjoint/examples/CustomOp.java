package io.adjoint.examples;

import static io.adjoint.autograd.Autograd.op;
import static io.adjoint.autograd.Edge.edge;

import io.adjoint.autograd.GradCheck;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.NdArray;

/** Defines an operation that Adjoint doesn't have, by its value and its backward rule, and checks the rule. */
public final class CustomOp {
    private CustomOp() {}

    /** Computes {@code log(1 + eˣ)} without overflow. */
    static Tensor softplus(Tensor x) {
        NdArray y = x.data().map(v -> Math.max(v, 0) + StrictMath.log1p(StrictMath.exp(-Math.abs(v))));
        return op("softplus", y, edge(x, g -> g.mul(x.sigmoid())));
    }

    /** A softplus whose backward rule has a mistake. */
    static Tensor wrongSoftplus(Tensor x) {
        return op("wrongSoftplus", softplus(x).data(), edge(x, g -> g.mul(x.tanh())));
    }

    /** Uses and checks the operation. */
    public static void main(String[] args) {
        Tensor x = Tensor.of(-800, -1, 0.5, 800).requiresGrad(true);
        Tensor y = softplus(x);
        y.sum().backward();
        System.out.println("x            = " + x);
        System.out.println("softplus(x)  = " + y);
        System.out.println("its gradient = " + x.grad());

        Tensor sample = Tensor.of(-1.5, 0.2, 3);
        System.out.println("softplus:      " + new GradCheck().order(2).report(inputs -> softplus(inputs[0]), sample));
        System.out.println("wrongSoftplus: " + new GradCheck().report(inputs -> wrongSoftplus(inputs[0]), sample));
    }
}
