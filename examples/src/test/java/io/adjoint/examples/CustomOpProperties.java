package io.adjoint.examples;

import static io.adjoint.examples.CustomOp.softplus;

import io.adjoint.autograd.GradCheck;
import io.adjoint.autograd.Tensor;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;

/** The property that the README shows. */
class CustomOpProperties {
    @Property
    void softplusHasTheRightGradient(@ForAll @Size(4) List<@DoubleRange(min = -9, max = 9) Double> values) {
        Tensor x = Tensor.of(values.stream().mapToDouble(v -> v).toArray());
        GradCheck.check(2, inputs -> softplus(inputs[0]), x);
    }
}
