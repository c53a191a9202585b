package io.adjoint.autograd.transforms;

import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Callbacks;
import io.adjoint.autograd.GraphMode;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.EqualRows;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Computes Jacobians from their products with unit vectors: with one vector after the other, or with many vectors at once. */
final class Jacobians {
    private Jacobians() {}

    static <P> P jacobian(String op, Function<? super P, Tensor> function, P at, JacobianMode mode) {
        Callbacks.given(op, "the mode", mode);
        if (mode == JacobianMode.BATCH) {
            return EqualRows.shared(() -> batched(op, function, at));
        }
        Linearization<P, Tensor> f = new Linearization<>(op, function, at);
        Tensor output = output(op, f);
        boolean rows = mode == JacobianMode.ROWS
                || (mode == JacobianMode.AUTO && output.shape().size() <= size(f.inputs()));
        return f.likeArgument(rows ? rows(f, output) : columns(f, output));
    }

    private static List<Tensor> rows(Linearization<?, Tensor> f, Tensor output) {
        List<List<Tensor>> passes = new ArrayList<>();
        for (int e = 0; e < output.shape().size(); e++) {
            passes.add(f.pull(List.of(unit(output, e)), GraphMode.KEEP));
        }
        List<Tensor> blocks = new ArrayList<>();
        for (int k = 0; k < f.inputs().size(); k++) {
            int input = k;
            List<Tensor> rows = passes.stream().map(pass -> pass.get(input)).toList();
            Tensor x = f.inputs().get(k);
            blocks.add(stack(0, rows, join(output.shape(), x.shape()), x.dtype()));
        }
        return blocks;
    }

    private static List<Tensor> columns(Linearization<?, Tensor> f, Tensor output) {
        List<Tensor> blocks = new ArrayList<>();
        for (int k = 0; k < f.inputs().size(); k++) {
            Tensor input = f.inputs().get(k);
            List<Tensor> columns = new ArrayList<>();
            for (int e = 0; e < input.shape().size(); e++) {
                List<@Nullable Tensor> tangents =
                        new ArrayList<>(Collections.nCopies(f.inputs().size(), null));
                tangents.set(k, unit(input, e));
                columns.add(f.push(tangents, GraphMode.KEEP).get(0).reshape(-1));
            }
            blocks.add(stack(1, columns, join(output.shape(), input.shape()), input.dtype()));
        }
        return blocks;
    }

    /**
     * Computes the Jacobian of m outputs and n inputs in one pass over copies of the point. If m ≤ n, a backward pass over m copies, each
     * with a unit cotangent of its own, computes all rows; else a pass over n copies, each with a unit tangent of its own, computes all
     * columns.
     */
    private static <P> P batched(String op, Function<? super P, Tensor> function, P at) {
        int n = size(List.copyOf(Trees.leaves(at).values()));
        Tensor one = Callbacks.result(op, "the function", Autograd.noGrad(() -> function.apply(copies(at, 1))));
        Shape out = entry(op, one, 1);
        int m = out.size();
        if (m == 0 || n == 0) {
            return Trees.map(at, x -> Tensor.zeros(x.dtype(), join(out, x.shape())));
        }
        int k = Math.min(m, n);
        P points = copies(at, k);
        Linearization<P, Tensor> f = new Linearization<>(op, function, points);
        Tensor output = output(op, f);
        if (!entry(op, output, k).equals(out)) {
            throw new ShapeException(op + ": of 1 point the function made " + one.shape() + ", of " + k + " points "
                    + output.shape() + "; in a batch it must take [k, in...] to [k, out...] for any k");
        }
        List<Tensor> blocks = new ArrayList<>();
        if (m <= n) {
            Tensor units = Tensor.eye(output.dtype(), m, m).reshape(output.shape());
            for (Tensor rows : f.pull(List.of(units), GraphMode.FREE)) {
                blocks.add(rows.reshape(join(out, tail(rows.shape()))));
            }
        } else {
            List<Tensor> tangents = new ArrayList<>();
            int from = 0;
            for (Tensor x : f.inputs()) {
                int to = from + x.shape().size() / n;
                tangents.add(Tensor.eye(x.dtype(), n, n).slice(1, from, to).reshape(x.shape()));
                from = to;
            }
            Tensor columns =
                    f.push(tangents, GraphMode.FREE).get(0).reshape(n, m).transpose();
            from = 0;
            for (Tensor x : f.inputs()) {
                int to = from + x.shape().size() / n;
                blocks.add(columns.slice(1, from, to)
                        .reshape(join(out, tail(x.shape())))
                        .to(x.dtype()));
                from = to;
            }
        }
        return f.likeArgument(blocks);
    }

    /** The Jacobian of the function at each row of x, for a function that treats rows independently. */
    static Tensor ofRows(String op, Function<Tensor, Tensor> function, Tensor x) {
        if (x.shape().rank() == 0) {
            throw new ShapeException(op + ": the argument is a scalar; expected rows along axis 0");
        }
        Linearization<Tensor, Tensor> f = new Linearization<>(op, function, x);
        Tensor output = output(op, f);
        int rows = x.shape().dim(0);
        Shape in = tail(x.shape());
        Shape out = entry(op, output, rows);
        boolean backward = out.size() <= in.size();
        List<Tensor> passes = new ArrayList<>();
        for (int e = 0; e < (backward ? out : in).size(); e++) {
            passes.add(
                    backward
                            ? f.pull(List.of(unitOfEachRow(output, out.size(), e)), GraphMode.KEEP)
                                    .get(0)
                            : f.push(List.of(unitOfEachRow(x, in.size(), e)), GraphMode.KEEP)
                                    .get(0)
                                    .reshape(rows, out.size()));
        }
        return stack(backward ? 1 : 2, passes, join(Shape.of(rows), join(out, in)), x.dtype());
    }

    private static Tensor output(String op, Linearization<?, Tensor> f) {
        if (f.outputs().size() != 1) {
            throw new IllegalArgumentException(op + ": the function must return a floating tensor");
        }
        return f.outputs().get(0);
    }

    /** The shape of one entry of an output that must have k entries along axis 0. */
    private static Shape entry(String op, Tensor output, int k) {
        if (output.shape().rank() == 0 || output.shape().dim(0) != k) {
            throw new ShapeException(op + ": of an argument with " + k + " along axis 0 the function made "
                    + output.shape() + "; it must take [k, in...] to [k, out...], one entry for each");
        }
        return tail(output.shape());
    }

    private static <P> P copies(P at, int k) {
        return Trees.map(at, x -> x.broadcastTo(join(Shape.of(k), x.shape())));
    }

    /** Stacks the results of the passes along an axis, in the argument's dtype; zeros of the given shape if there was no pass. */
    private static Tensor stack(int axis, List<Tensor> passes, Shape shape, DType dtype) {
        return passes.isEmpty()
                ? Tensor.zeros(dtype, shape)
                : Tensor.stack(axis, passes.toArray(new Tensor[0]))
                        .reshape(shape)
                        .to(dtype);
    }

    private static int size(List<Tensor> tensors) {
        return tensors.stream().mapToInt(x -> x.shape().size()).sum();
    }

    private static Tensor unit(Tensor like, int element) {
        return Tensor.of(row(like.shape().size(), element, like.dtype()).reshape(like.shape()));
    }

    private static Tensor unitOfEachRow(Tensor like, int size, int element) {
        Shape rows = Shape.of(like.shape().dim(0), size);
        return Tensor.of(row(size, element, like.dtype()).broadcastTo(rows).reshape(like.shape()));
    }

    private static NdArray row(int size, int element, DType dtype) {
        double[] one = new double[size];
        one[element] = 1;
        return NdArray.wrap(Shape.of(size), one).to(dtype);
    }

    private static Shape join(Shape first, Shape second) {
        return first.append("jacobian", second.toArray());
    }

    private static Shape tail(Shape shape) {
        return Shape.of(Arrays.copyOfRange(shape.toArray(), 1, shape.rank()));
    }
}
