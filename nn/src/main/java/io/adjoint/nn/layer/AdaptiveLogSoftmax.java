package io.adjoint.nn.layer;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.DTypeException;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import io.adjoint.nn.BlockList;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Sequential;
import io.adjoint.nn.Settings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * A softmax over many classes, such as words (Grave et al., 2017). The classes are numbered by their frequency, the most frequent first,
 * and cut into a head and clusters. The head has a logit for each of its classes and one for each cluster; the logits of the k-th cluster
 * are computed from {@code ⌊in/4ᵏ⌋} features, and for a given target only if the target is in the cluster.
 *
 * <pre>{@code
 * softmax = child("softmax", new AdaptiveLogSoftmax(256, 100_000, new int[] {2_000, 20_000}, init));
 * Tensor loss = softmax.forward(features, words).mean().neg();
 * }</pre>
 *
 * <p>Shapes: input {@code [..., in]}, output {@code [..., classes]}; parameters {@code head.weight [first cutoff + clusters, in]},
 * and of each cluster {@code tail.k.0.weight} and {@code tail.k.1.weight}, drawn as {@link Dense} draws its weight.
 */
public final class AdaptiveLogSoftmax extends Layer {
    private static final int DIVISOR = 4;

    private final int[] bounds;
    private final Dense head;
    private final BlockList<Sequential> tail;

    /**
     * A softmax whose clusters begin at the cutoffs.
     *
     * @param cutoffs in ascending order: the number of classes in the head, and the first class of each further cluster
     * @param init the generator of the parameters, which are FLOAT64, or an {@link io.adjoint.nn.Init}, which has their dtype
     * @throws IllegalArgumentException if there are no inputs or no cutoffs, or they don't ascend from at least 1 to below the number of
     *     classes
     */
    public AdaptiveLogSoftmax(int in, int classes, int[] cutoffs, RandomGenerator init) {
        Settings.requireCount(getClass(), "number of inputs", in);
        bounds = Arrays.copyOf(cutoffs, cutoffs.length + 1);
        bounds[cutoffs.length] = classes;
        Settings.require(
                bounds.length > 1
                        && bounds[0] > 0
                        && IntStream.range(1, bounds.length).allMatch(k -> bounds[k - 1] < bounds[k]),
                getClass(),
                "cutoffs",
                "ascend from at least 1 to below the number of classes " + classes,
                Arrays.toString(cutoffs));
        head = child("head", Dense.withoutBias(in, bounds[0] + cutoffs.length, init));
        tail = child("tail", new BlockList<>());
        int features = in;
        for (int k = 0; k < cutoffs.length; k++) {
            features = Math.max(1, features / DIVISOR);
            tail.append(new Sequential(
                    Dense.withoutBias(in, features, init),
                    Dense.withoutBias(features, bounds[k + 1] - bounds[k], init)));
        }
    }

    /**
     * The logarithms of the probabilities of all classes.
     *
     * @throws ShapeException if the last dimension is not {@code in}
     * @throws DTypeException if the input is not of this layer's dtype
     */
    @Override
    protected Tensor compute(Tensor x) {
        Tensor first = head.forward(x).logSoftmax(-1);
        List<Tensor> parts = new ArrayList<>(List.of(first.narrow(-1, 0, bounds[0])));
        for (int k = 0; k < tail.size(); k++) {
            parts.add(tail.get(k).forward(x).logSoftmax(-1).add(first.narrow(-1, bounds[0] + k, 1)));
        }
        return Tensor.concat(-1, parts);
    }

    /**
     * The logarithms of the probabilities of the targets, whose mean times −1 is the loss.
     *
     * @param x {@code [..., in]}
     * @param target class indices, INT32 {@code [...]}
     * @return {@code [...]}
     * @throws ShapeException if the shapes do not fit
     * @throws DTypeException if the input is not of this layer's dtype, or the target is not INT32
     * @throws IllegalArgumentException if an index is out of range
     */
    public Tensor forward(Tensor x, Tensor target) {
        return within(x, input -> ofTargets(input, target));
    }

    private Tensor ofTargets(Tensor x, Tensor target) {
        int[] classes = requireTarget(x, target);
        Tensor rows = x.reshape(classes.length, x.shape().dim(-1));
        int[] inHead = classes.clone();
        for (int k = 0; k < tail.size(); k++) {
            for (int row : rowsOf(k, classes)) {
                inHead[row] = bounds[0] + k;
            }
        }
        Tensor result = picked(head.forward(rows), inHead);
        for (int k = 0; k < tail.size(); k++) {
            int[] members = rowsOf(k, classes);
            int from = bounds[k];
            int[] inCluster =
                    Arrays.stream(members).map(row -> classes[row] - from).toArray();
            Tensor logits = tail.get(k).forward(rows.indexSelect(0, members));
            result = result.indexAdd(0, Tensor.of(members), picked(logits, inCluster));
        }
        return result.reshape(target.shape());
    }

    private int[] rowsOf(int cluster, int... classes) {
        return IntStream.range(0, classes.length)
                .filter(row -> classes[row] >= bounds[cluster] && classes[row] < bounds[cluster + 1])
                .toArray();
    }

    /** The log-probabilities of one class in each row of logits. */
    private static Tensor picked(Tensor logits, int... classes) {
        Tensor index = Tensor.of(NdArray.of(Shape.of(classes.length, 1), classes));
        return logits.logSoftmax(1).gather(1, index).squeeze(1);
    }

    private int[] requireTarget(Tensor x, Tensor target) {
        if (target.dtype() != DType.INT32) {
            throw new DTypeException("adaptiveLogSoftmax: class indices are INT32, but the target " + target.shape()
                    + " is " + target.dtype() + "; convert it with to(INT32)");
        }
        Shape shape = x.shape();
        if (shape.rank() == 0
                || !target.shape().append("adaptiveLogSoftmax", shape.dim(-1)).equals(shape)) {
            throw new ShapeException("adaptiveLogSoftmax: the input is " + shape + ", so class indices must be of the"
                    + " shape without the last axis, but the target is " + target.shape());
        }
        int[] classes = target.data().toIntArray();
        int count = bounds[bounds.length - 1];
        for (int k = 0; k < classes.length; k++) {
            if (classes[k] < 0 || classes[k] >= count) {
                throw new IllegalArgumentException("adaptiveLogSoftmax: target " + classes[k] + " at "
                        + Arrays.toString(target.shape().unravelIndex(k)) + " is out of range for " + count
                        + " classes; expected 0 to " + (count - 1));
            }
        }
        return classes;
    }

    @Override
    protected String describe() {
        return head.weight().shape().dim(1) + " -> " + bounds[bounds.length - 1] + ", cutoffs "
                + Arrays.toString(Arrays.copyOf(bounds, bounds.length - 1))
                + Descriptions.of(head.weight().dtype());
    }
}
