package io.adjoint.proof;

import io.adjoint.autograd.Tensor;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A family of operations, which is a chapter of the reference page. */
interface Family {
    /** The chapter's title. */
    String title();

    /** Its operations, each with its forms behind it. */
    List<Entry> entries();

    /** The same, row by row. */
    default Collection<List<Entry>> rows() {
        return entries().stream()
                .collect(Collectors.groupingBy(Entry::row, LinkedHashMap::new, Collectors.toList()))
                .values();
    }

    /** The operations of the golden file that are of this family, under their names there. */
    Map<String, Golden> golden();

    /** Functions of the table of special values that are of this family, under their names there. */
    default Map<String, Function<Tensor[], Tensor>> special() {
        return Map.of();
    }

    /** Computes a row of the golden file. */
    @FunctionalInterface
    interface Golden {
        /** The value, for the inputs and the arguments of the row. */
        Tensor apply(Tensor[] inputs, Arguments arguments);

        /** The same, with a scalar as a vector of one element if an axis is given: PyTorch lets a scalar have one. */
        default Golden ofScalarsToo() {
            return (inputs, arguments) -> inputs[0].shape().rank() == 0 && arguments.has("axis")
                    ? apply(new Tensor[] {inputs[0].reshape(1)}, arguments).reshape()
                    : apply(inputs, arguments);
        }
    }
}
