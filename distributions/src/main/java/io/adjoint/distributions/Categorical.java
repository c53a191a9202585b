package io.adjoint.distributions;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Replacement;
import io.adjoint.core.SamplingKernels;
import io.adjoint.core.Shape;
import java.util.random.RandomGenerator;

/** The distribution of the index of one of K classes. Values are INT32, from 0 to K − 1. */
@CheckReturnValue
public final class Categorical implements Distribution {
    private final Classes classes;

    private Categorical(Classes classes) {
        this.classes = classes;
    }

    /**
     * The distributions of the probabilities.
     *
     * @param probs the probabilities, K of them along the last axis; they are divided by their sum
     * @throws IllegalArgumentException if a vector has a number that is negative or not finite, or only zeros
     */
    public static Categorical ofProbs(Tensor probs) {
        Tensor checked = Params.checked(Categorical.class, "probs", probs, Classes.WEIGHTS);
        return new Categorical(new Classes.OfProbs(checked));
    }

    /**
     * The distributions of the softmax of the logits.
     *
     * @param logits the logarithms of the probabilities but for a common constant, K of them along the last axis; a class of logit −∞
     *     never occurs
     * @throws IllegalArgumentException if a vector has a number that is NaN or +∞, or only −∞
     */
    public static Categorical ofLogits(Tensor logits) {
        Tensor checked = Params.checked(Categorical.class, "logits", logits, Classes.LOGITS);
        return new Categorical(new Classes.OfLogits(checked));
    }

    /** The probabilities of the classes, which add up to 1 along the last axis. */
    public Tensor probs() {
        return classes.probs();
    }

    /** The logarithms of the probabilities. */
    public Tensor logits() {
        return classes.logits();
    }

    /** The number K of classes. */
    int count() {
        return classes.shape().dim(-1);
    }

    /** The same for a larger batch. */
    Categorical expand(Shape larger) {
        Shape whole = larger.append("Categorical", count());
        return new Categorical(classes.broadcast(whole));
    }

    @Override
    public Shape batchShape() {
        return Terms.batch(classes.shape(), 1);
    }

    @Override
    public Constraint support() {
        return Constraints.vectors(
                0,
                "an INT32 index from 0 to " + (count() - 1),
                x -> x.dtype() == DType.INT32 ? x.ge(0).and(x.lt(count())) : Tensor.full(DType.BOOL, x.shape(), 0),
                null);
    }

    @Override
    public Tensor logProb(Tensor value) {
        Terms.requireSupported(this, DType.INT32, value);
        return classes.logOf(value);
    }

    @Override
    public Tensor sample(RandomGenerator generator, int... sizes) {
        NdArray rows = classes.probs().data().reshape(batchShape().size(), count());
        Shape shape = Terms.shape(this, generator, sizes);
        int draws = Shape.of(sizes).size();
        NdArray drawn = SamplingKernels.multinomial(rows, draws, Replacement.WITH, generator);
        return Tensor.of(drawn.transpose(0, 1)).reshape(shape);
    }

    @Override
    public Tensor mode() {
        return classes.logits().argMax(-1);
    }

    @Override
    public Tensor entropy() {
        return classes.entropy();
    }

    @Override
    public String toString() {
        return "Categorical[probs=" + probs() + "]";
    }
}
