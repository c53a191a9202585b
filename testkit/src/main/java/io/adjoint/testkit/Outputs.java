package io.adjoint.testkit;

import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.transforms.Records;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Takes the output of a block apart, which is a tensor, or a record of tensors and such records. */
final class Outputs {
    private Outputs() {}

    /** The tensors of an output; a record has them in the order of its components. */
    static List<Tensor> of(Object output) {
        List<Tensor> tensors = new ArrayList<>();
        collect(output, tensors);
        return tensors;
    }

    private static void collect(Object output, List<Tensor> into) {
        if (output instanceof Tensor tensor) {
            into.add(tensor);
            return;
        }
        if (!(output instanceof Record record)) {
            throw new IllegalArgumentException(
                    "LayerSpec: the output must be a tensor or a record of tensors, got a " + output.getClass());
        }
        Records.components("LayerSpec: ", record).forEach(part -> collect(Objects.requireNonNull(part), into));
    }
}
