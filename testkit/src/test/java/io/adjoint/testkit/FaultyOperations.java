package io.adjoint.testkit;

import io.adjoint.autograd.Tensor;
import java.util.function.Function;
import net.jqwik.api.Property;

/** The gradient properties that {@link ShrinkingTest} runs with one fault after the other; by itself this is no test. */
class FaultyOperations {
    static Function<Tensor[], Tensor> current = inputs -> inputs[0];

    @GradientProperty(order = 2)
    @Property(tries = 200)
    Tensor any(@Domain(min = -3, max = 3) Tensor x) {
        return current.apply(new Tensor[] {x});
    }

    @GradientProperty(order = 2)
    @Property(tries = 200)
    Tensor positive(@Domain(min = 0.6, max = 3) Tensor x) {
        return current.apply(new Tensor[] {x});
    }

    @GradientProperty(order = 2, shapes = "(...,n)")
    @Property(tries = 200)
    Tensor vector(@Domain Tensor x) {
        return current.apply(new Tensor[] {x});
    }

    @GradientProperty(order = 2, shapes = "(...)->(...)")
    @Property(tries = 200)
    Tensor shaped(@Domain(min = -3, max = 3) Tensor x) {
        return current.apply(new Tensor[] {x});
    }

    @GradientProperty(order = 2, shapes = "(...),(...)->(...)")
    @Property(tries = 200)
    Tensor pair(@Domain Tensor a, @Domain(min = 0.6, max = 3) Tensor b) {
        return current.apply(new Tensor[] {a, b});
    }

    @GradientProperty(order = 2, shapes = "(n,k),(k,m)->(n,m)")
    @Property(tries = 200)
    Tensor product(@Domain Tensor a, @Domain Tensor b) {
        return current.apply(new Tensor[] {a, b});
    }

    @GradientProperty(order = 2, shapes = "(n)->()", maxDim = 5)
    @Property(tries = 200)
    Tensor largest(@Domain(distinct = true) Tensor x) {
        return current.apply(new Tensor[] {x});
    }
}
