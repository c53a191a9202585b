package io.adjoint.nn;

import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Hook;
import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.transforms.Records;
import io.adjoint.core.Shape;
import io.adjoint.core.loops.MultiplyAdds;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * A model's blocks in the order in which an input runs through them, each with its output shapes, its parameters and its
 * multiply-adds. {@link #toString()} is a table:
 *
 * <pre>{@code
 * System.out.println(Summary.of(model, Tensor.zeros(1, 1, 28, 28)));
 * }</pre>
 *
 * @param rows the model first, then the blocks in it, each before those that it is made of
 */
public record Summary(List<Row> rows) {
    /**
     * A call of a block.
     *
     * @param path the block's path; empty for the model itself
     * @param block the block's type and settings, such as {@code Dense(784 -> 128)}, followed by {@code , not registered} if the block
     *     that runs it should have registered it, and has not
     * @param outputs the shapes of the output, or of each tensor of an output record
     * @param parameters the number of elements of all parameters in the block
     * @param trainable the number of elements of those parameters that require a gradient, which are all but the frozen ones
     * @param multiplyAdds the multiply-adds of the matrix products and convolutions of this call, including the blocks in it
     * @param isRepeated whether the block ran before, under this path or another
     */
    public record Row(
            String path,
            String block,
            List<Shape> outputs,
            long parameters,
            long trainable,
            long multiplyAdds,
            boolean isRepeated) {
        /** A row. */
        public Row {
            outputs = List.copyOf(outputs);
        }
    }

    /**
     * A summary of some rows.
     *
     * @throws IllegalArgumentException if there are none
     */
    public Summary {
        rows = List.copyOf(rows);
        if (rows.isEmpty()) {
            throw new IllegalArgumentException(
                    "Summary: expected rows, the model's first, but got none; Summary.of(model, input) makes them");
        }
    }

    /**
     * Runs a layer once, in evaluation mode and without recording, so that its state stays as it is.
     *
     * @param input an input of the layer's shape and dtype, such as zeros for a batch of one
     * @throws RuntimeException as {@link Layer#forward} does
     */
    public static Summary of(Layer model, Tensor input) {
        return of(model, () -> model.forward(input));
    }

    /**
     * Runs a block of other inputs than one tensor: {@code Summary.of(lstm, () -> lstm.forward(x, state))}.
     *
     * @param forward runs the block, once
     * @throws IllegalArgumentException if it does not run the block
     */
    public static Summary of(Block model, Supplier<?> forward) {
        RowObserver observer = new RowObserver(model);
        Runnable modes = Modes.kept(model);
        Hook hook = observer.observe();
        try {
            model.eval();
            Object output = Autograd.noGrad(() -> MultiplyAdds.counting(forward::get));
            if (output == null || observer.rows.isEmpty()) {
                throw new IllegalArgumentException(
                        "Summary: the function " + (output == null ? "returned null" : "did not run " + model.title())
                                + "; pass one such as () -> model.forward(x)");
            }
        } finally {
            hook.remove();
            modes.run();
        }
        return new Summary(observer.rows);
    }

    /** The number of elements of all parameters of the model. */
    public long parameters() {
        return rows.get(0).parameters();
    }

    /** The multiply-adds of the matrix products and convolutions of the forward pass. */
    public long multiplyAdds() {
        return rows.get(0).multiplyAdds();
    }

    /** Records the blocks that run within the model. */
    private static final class RowObserver implements ForwardObserver {
        final List<Row> rows = new ArrayList<>();
        private final Block model;
        private final Registration registration;
        private final Set<Block> seen = new HashSet<>();
        /** For each running block its index in {@link #rows}, and the count of multiply-adds when it began. */
        private final Deque<long[]> open = new ArrayDeque<>();

        RowObserver(Block model) {
            this.model = model;
            registration = new Registration(model);
        }

        @Override
        public void begins(Block block, String path) {
            if (open.isEmpty() && block != model) {
                return;
            }
            List<Tensor> parameters = block.parameters();
            open.push(new long[] {rows.size(), MultiplyAdds.count()});
            rows.add(new Row(
                    path,
                    block.title(),
                    List.of(),
                    elements(parameters),
                    elements(parameters.stream().filter(Tensor::requiresGrad).toList()),
                    0,
                    !seen.add(block)));
        }

        @Override
        public void ends(Block block, String path, Object output) {
            if (open.isEmpty()) {
                return;
            }
            long[] begin = open.pop();
            int index = (int) begin[0];
            Row row = rows.get(index);
            List<Shape> shapes = new ArrayList<>();
            collect(output, shapes);
            rows.set(
                    index,
                    new Row(
                            row.path(),
                            row.block() + (registration.problem(block) == null ? "" : ", not registered"),
                            shapes,
                            row.parameters(),
                            row.trainable(),
                            MultiplyAdds.count() - begin[1],
                            row.isRepeated()));
        }

        private static long elements(List<Tensor> parameters) {
            return parameters.stream()
                    .mapToLong(parameter -> parameter.shape().size())
                    .sum();
        }

        private static void collect(Object output, List<Shape> into) {
            if (output instanceof Tensor tensor) {
                into.add(tensor.shape());
            } else if (output instanceof Record record) {
                try {
                    Records.components("Summary: ", record).stream()
                            .filter(Objects::nonNull)
                            .forEach(part -> collect(part, into));
                } catch (IllegalArgumentException e) {
                    // The record is closed to this library, so the shapes of its tensors are left out.
                }
            }
        }
    }

    /** A table: layer, output shape, parameters and multiply-adds; a last line with the totals. */
    @Override
    public String toString() {
        TextTable table = new TextTable(TextTable.left(), TextTable.left(), TextTable.right())
                .row("layer", "output", "parameters", "multiply-adds");
        Deque<String> owners = new ArrayDeque<>();
        for (Row row : rows) {
            while (!owners.isEmpty() && !isWithin(row.path(), owners.peek())) {
                owners.pop();
            }
            String owner = owners.isEmpty() ? "" : owners.peek();
            table.row(
                    Block.indent(owners.size())
                            + (row.path().isEmpty()
                                    ? ""
                                    : row.path().substring(owner.isEmpty() ? 0 : owner.length() + 1) + ": ")
                            + row.block(),
                    row.outputs().stream().map(Shape::toString).collect(Collectors.joining(", ")),
                    row.isRepeated() && row.parameters() > 0 ? "shared" : number(row.parameters()),
                    number(row.multiplyAdds()));
            owners.push(row.path());
        }
        Row model = rows.get(0);
        return table + "\n" + number(model.parameters()) + " parameters, " + number(model.trainable())
                + " of them trainable; " + number(model.multiplyAdds()) + " multiply-adds";
    }

    /**
     * Returns whether a path is below the path of another block, at any depth: there may be blocks without rows in between, such as lists.
     */
    private static boolean isWithin(String path, String owner) {
        return !path.equals(owner) && (owner.isEmpty() || path.startsWith(owner + "."));
    }

    private static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }
}
