package io.adjoint.autograd.transforms;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.adjoint.autograd.Callbacks;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.ShapeException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Takes trees apart along axis 0 of their tensors, applies a function to the entries, and stacks trees. */
final class LeadingAxis {
    private LeadingAxis() {}

    /** Applies a function to each entry of a tree, and stacks the results. */
    static <P, Q> Q map(String op, Function<? super P, ? extends Q> function, P tree) {
        List<Q> results = new ArrayList<>();
        for (P entry : unbind(op, tree)) {
            results.add(Callbacks.result(op, "the function", function.apply(entry)));
        }
        if (results.isEmpty()) {
            throw new IllegalArgumentException(op + ": the argument has no entries along axis 0, so the shapes of the"
                    + " function's results are unknown; handle an empty batch before the call");
        }
        requireTensors(op, "the function's result", results.get(0));
        return stack(op, "the function's result for entry", results);
    }

    private static <P> List<P> unbind(String op, P tree) {
        Map<String, Tensor> tensors = requireTensors(op, "the argument", tree);
        Map.Entry<String, Tensor> first = tensors.entrySet().iterator().next();
        List<List<Tensor>> entries = new ArrayList<>();
        for (Map.Entry<String, Tensor> each : tensors.entrySet()) {
            Tensor x = each.getValue();
            String call = op + ": the argument" + Trees.position(each.getKey()) + " is ";
            if (x.shape().rank() == 0) {
                throw new ShapeException(call + "a scalar, which has no entries along axis 0; expand it, or let the"
                        + " function capture it");
            }
            if (x.shape().dim(0) != first.getValue().shape().dim(0)) {
                throw new ShapeException(call + x.shape() + ", but" + Trees.position(first.getKey()) + " it is "
                        + first.getValue().shape() + "; all tensors must have as many entries along axis 0");
            }
            entries.add(x.unbind(0));
        }
        List<P> trees = new ArrayList<>();
        for (int k = 0; k < first.getValue().shape().dim(0); k++) {
            int entry = k;
            Iterator<List<Tensor>> each = entries.iterator();
            trees.add(Trees.withTensors(tree, (path, x) -> each.next().get(entry)));
        }
        return trees;
    }

    @CanIgnoreReturnValue
    private static Map<String, Tensor> requireTensors(String op, String name, Object tree) {
        Map<String, Tensor> tensors = Trees.tensors(tree);
        if (tensors.isEmpty()) {
            throw new IllegalArgumentException(
                    op + ": " + name + ", a " + tree.getClass().getSimpleName() + ", contains no tensor");
        }
        return tensors;
    }

    /**
     * Stacks trees.
     *
     * @param name the name of a tree, for messages, which add its number
     */
    static <P> P stack(String op, String name, List<? extends P> trees) {
        if (trees.isEmpty()) {
            throw new IllegalArgumentException(op + ": expected at least one tree, got none");
        }
        Map<String, Tensor> first = Trees.tensors(trees.get(0));
        List<Iterator<Tensor>> all = new ArrayList<>();
        for (P tree : trees) {
            String other = name + " " + all.size();
            all.add(Trees.alike(op, name + " 0", first, other, Trees.tensors(tree))
                    .iterator());
        }
        return Trees.withTensors(
                trees.get(0),
                (path, x) -> Tensor.stack(0, all.stream().map(Iterator::next).toList()));
    }
}
