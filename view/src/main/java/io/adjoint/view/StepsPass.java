package io.adjoint.view;

import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Recording;
import io.adjoint.autograd.Recording.Difference;
import io.adjoint.autograd.Recording.Kind;
import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.view.ChainRule;
import io.adjoint.autograd.view.ChainRule.Vertex;
import io.adjoint.autograd.view.GraphView;
import io.adjoint.core.DType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * A recorded forward and backward pass.
 *
 * @param view the recorded graph with the elements of its tensors, to which names may still be given
 * @param differences the derivatives of the first elements of leaves by finite differences, by the leaf's index
 * @param remark the reason why differences are missing, for all or for some leaves; empty if none are missing
 */
record StepsPass(GraphView view, Map<Integer, List<Difference>> differences, String remark) {
    /** The largest number of derivatives that are computed by finite differences in a pass. */
    static final int MOST_DIFFERENCES = 256;
    /** The largest number of derivatives that are computed by finite differences for one leaf. */
    static final int MOST_OF_LEAF = 16;

    static StepsPass record(String asking, Supplier<Tensor> loss) {
        GraphView view = ChainRule.record(asking, loss);
        ChainRule rule = ChainRule.of(view);
        double value = rule.vertices()
                .get(rule.root())
                .value()
                .orElseThrow()
                .elements()
                .get(0);
        Tensor again = Autograd.enableGrad(loss);
        Map<Integer, List<Difference>> differences = new LinkedHashMap<>();
        if (Double.compare(again.item(), value) != 0) {
            return new StepsPass(view, Map.of(), changing(value, again.item()));
        }
        String remark = "";
        int left = MOST_DIFFERENCES;
        for (Vertex leaf : rule.vertices()) {
            Tensor tensor = rule.tensor(leaf);
            if (leaf.kind() != Kind.LEAF || tensor == null || leaf.gradient().isEmpty()) {
                continue;
            }
            double[] gradient = leaf.gradient().orElseThrow().elements().stream()
                    .mapToDouble(Double::doubleValue)
                    .toArray();
            int count = Math.min(left, Math.min(MOST_OF_LEAF, gradient.length));
            if (tensor.dtype() != DType.FLOAT64 || again.dtype() != DType.FLOAT64) {
                remark = "Differences need FLOAT64: those of FLOAT32 are little but rounding.";
            } else if (!tensor.data().isContiguous()) {
                remark =
                        "Differences need contiguous leaves, such as those of data().contiguous(): elements are changed in place.";
            } else if (count > 0) {
                List<Difference> all = Recording.differences(loss, tensor, gradient, count);
                if (all.isEmpty()) {
                    remark = "The values are so large that their rounding hides differences; leave a large addend out.";
                } else {
                    differences.put(leaf.index(), all);
                    left -= count;
                }
            }
        }
        // The function is run once more to find out whether it draws random numbers: the first two runs may have had
        // equal values by chance.
        double last = differences.isEmpty() ? value : Autograd.enableGrad(loss).item();
        return Double.compare(last, value) == 0
                ? new StepsPass(view, differences, remark)
                : new StepsPass(view, Map.of(), changing(value, last));
    }

    private static String changing(double first, double then) {
        return "The computation gave " + first + " and then " + then
                + ", so differences of its values say nothing. Draw"
                + " random numbers from a generator that begins anew in each run.";
    }

    /**
     * Makes the walk through this pass, with all its steps and with the names that the tensors have now.
     *
     * @param index the place among the walks of the page, from 0
     * @param number the number of the training step
     */
    StepsWalk walk(int index, int number) {
        return new StepsWalk(index, number, ChainRule.of(view), this);
    }
}
