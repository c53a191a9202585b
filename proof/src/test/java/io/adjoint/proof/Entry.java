package io.adjoint.proof;

import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.view.Notation;
import io.adjoint.testkit.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * A row of the catalogue: an operation and how it is tested; what the reference page says of it is its {@link Notation}. Settings are
 * values.
 *
 * @param operation function, domain, reference and order
 * @param covers the methods of {@link Tensor} that this tests, such as {@code sum(boolean,int[])}
 * @param mistakes wrong calls, with what their message says
 */
record Entry(Operation operation, List<String> covers, List<Mistake> mistakes) {
    /**
     * A wrong call.
     *
     * @param what what is wrong
     * @param call the call on a FLOAT64 leaf of shape [2, 3] that holds 1 to 6 and requires a gradient
     * @param parts what the message contains: the operation, the values and shapes involved, the way out
     */
    record Mistake(String what, Function<Tensor, ?> call, List<String> parts) {}

    /** A row for an operation that tests the given methods. */
    static Entry entry(Operation operation, String... covers) {
        return new Entry(operation, List.of(covers), List.of());
    }

    /** Adds a wrong call. */
    Entry rejects(String what, Function<Tensor, ?> call, String... parts) {
        List<Mistake> more = new ArrayList<>(mistakes);
        more.add(new Mistake(what, call, List.of(parts)));
        return new Entry(operation, covers, List.copyOf(more));
    }

    /** What the reference page says of it. */
    Notation notation() {
        return Notation.of(name());
    }

    String name() {
        return operation.name();
    }

    @Override
    public String toString() {
        return name();
    }
}
