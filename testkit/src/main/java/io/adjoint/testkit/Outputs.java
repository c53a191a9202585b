package io.adjoint.testkit;

import io.adjoint.autograd.Tensor;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;

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
        RecordComponent[] components = output.getClass().getRecordComponents();
        if (components == null) {
            throw new IllegalArgumentException(
                    "LayerSpec: the output must be a tensor or a record of tensors, got a " + output.getClass());
        }
        for (RecordComponent component : components) {
            try {
                Method accessor = component.getAccessor();
                accessor.setAccessible(true); // the record may be private to its test
                collect(accessor.invoke(output), into);
            } catch (ReflectiveOperationException | InaccessibleObjectException e) {
                throw new IllegalArgumentException(
                        "LayerSpec: the component " + component.getName()
                                + " of the output cannot be read; is the package of "
                                + output.getClass().getName() + " open to io.adjoint.testkit?",
                        e);
            }
        }
    }
}
