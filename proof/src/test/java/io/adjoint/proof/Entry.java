package io.adjoint.proof;

import io.adjoint.autograd.Tensor;
import io.adjoint.testkit.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * A row of the catalogue: an operation, how it is tested, and what the reference page says of it. Settings are values.
 *
 * @param operation function, domain, reference and order
 * @param covers the methods of {@link Tensor} that this tests, such as {@code sum(boolean,int[])}
 * @param formula what it computes
 * @param derivative the gradient of an input in terms of the upstream gradient g, of inputs and of the output y
 * @param kinks where the derivative is not unique or not finite, and what it is there
 * @param mistakes wrong calls, with what their message says
 */
record Entry(
        Operation operation,
        List<String> covers,
        String formula,
        String derivative,
        String kinks,
        List<Mistake> mistakes) {
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
        return new Entry(operation, List.of(covers), "", "", "", List.of());
    }

    Entry formula(String text) {
        return new Entry(operation, covers, text, derivative, kinks, mistakes);
    }

    Entry derivative(String text) {
        return new Entry(operation, covers, formula, text, kinks, mistakes);
    }

    Entry kinks(String text) {
        return new Entry(operation, covers, formula, derivative, text, mistakes);
    }

    /** Adds a wrong call. */
    Entry rejects(String what, Function<Tensor, ?> call, String... parts) {
        List<Mistake> more = new ArrayList<>(mistakes);
        more.add(new Mistake(what, call, List.of(parts)));
        return new Entry(operation, covers, formula, derivative, kinks, List.copyOf(more));
    }

    String name() {
        return operation.name();
    }

    @Override
    public String toString() {
        return name();
    }
}
