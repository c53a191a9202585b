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

    /** The entries of the family's operations; an operation is followed by its forms. */
    List<Entry> entries();

    /** The family's entries, grouped by the rows of the reference page. */
    default Collection<List<Entry>> rows() {
        return entries().stream()
                .collect(Collectors.groupingBy(Entry::row, LinkedHashMap::new, Collectors.toList()))
                .values();
    }

    /** The operations of this family in the golden file, by their names in the file. */
    Map<String, Golden> golden();

    /** The functions of this family in the table of special values, by their names in the table. */
    default Map<String, Function<Tensor[], Tensor>> special() {
        return Map.of();
    }

    /** Computes a row of the golden file. */
    @FunctionalInterface
    interface Golden {
        /** Computes the value for the inputs and arguments of a row. */
        Tensor apply(Tensor[] inputs, Arguments arguments);

        /**
         * Returns a computation that treats a scalar as a vector of one element if the golden row has an axis, since PyTorch accepts an
         * axis for scalars.
         */
        default Golden ofScalarsToo() {
            return (inputs, arguments) -> inputs[0].shape().rank() == 0 && arguments.has("axis")
                    ? apply(new Tensor[] {inputs[0].reshape(1)}, arguments).reshape()
                    : apply(inputs, arguments);
        }
    }
}
