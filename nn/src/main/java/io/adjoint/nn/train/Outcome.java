package io.adjoint.nn.train;

import com.google.errorprone.annotations.CheckReturnValue;
import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.Workspace;
import io.adjoint.nn.loss.Loss;
import io.adjoint.nn.loss.Reduction;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The result of a forward pass on a batch: the loss, the prediction and the target, so that metrics need no second pass.
 *
 * <pre>{@code
 * Trainer<Words> trainer = Trainer.<Words>of(model, optimizer, words ->
 *         Outcome.of(new CrossEntropy(), model.forward(words.letters()), words.labels()));
 * }</pre>
 *
 * @param loss the loss of the batch's samples, a tensor of one element
 * @param prediction the prediction, as metrics take it; null if there is none
 * @param target the target, as metrics take it; null if there is none
 * @param numbers further numbers by name, tensors of one element, such as the terms of a loss; they are recorded beside the loss
 * @param reduction the reduction of the loss and of the numbers over the samples, the mean unless it is given. Means of batches or of
 *     shards are weighted by the sizes of these; sums are added, and recorded as the sum divided by the sizes: the loss of a sample
 */
@CheckReturnValue
public record Outcome(
        Tensor loss,
        @Nullable Tensor prediction,
        @Nullable Tensor target,
        Map<String, Tensor> numbers,
        Reduction reduction) {
    /**
     * An outcome.
     *
     * @throws IllegalArgumentException if the loss or a number has not one element, a number is named {@value Trainer#LOSS}, or only one of
     *     prediction and target is given, or the reduction is {@link Reduction#NONE}
     */
    public Outcome {
        requireReduced(reduction);
        requireOne("loss of a batch", loss);
        numbers.forEach(Outcome::requireOne);
        requireOwnNames(numbers, List.of(Trainer.LOSS));
        if ((prediction == null) != (target == null)) {
            throw new IllegalArgumentException("Outcome: a prediction and a target come together, but one is null");
        }
        numbers = numbers.isEmpty() ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(numbers));
    }

    /** An outcome with a prediction and its target. */
    public Outcome(Tensor loss, Tensor prediction, Tensor target) {
        this(loss, prediction, target, Map.of(), Reduction.MEAN);
    }

    /** An outcome without a prediction, for trainings without metrics. */
    public Outcome(Tensor loss) {
        this(loss, null, null, Map.of(), Reduction.MEAN);
    }

    /**
     * The outcome of a prediction, with its loss and the reduction of that.
     *
     * @throws IllegalArgumentException if the reduction is {@link Reduction#NONE}
     */
    public static Outcome of(Loss loss, Tensor prediction, Tensor target) {
        return new Outcome(loss.forward(prediction, target), prediction, target, Map.of(), loss.reduction());
    }

    /** A copy with a further number, of the reduction of the loss: {@code outcome.with("divergence", kl)}. */
    public Outcome with(String name, Tensor number) {
        Map<String, Tensor> more = new LinkedHashMap<>(numbers);
        more.put(name, number);
        return new Outcome(loss, prediction, target, more, reduction);
    }

    /**
     * A copy with another reduction: {@code new Outcome(losses.sum()).reduction(Reduction.SUM)} if the loss is the sum over the samples.
     *
     * @throws IllegalArgumentException if it is {@link Reduction#NONE}
     */
    public Outcome reduction(Reduction reduction) {
        return new Outcome(loss, prediction, target, numbers, reduction);
    }

    /** Adds the gradients of factor · loss to the parameters, and returns this outcome. */
    Outcome backward(double factor) {
        (factor == 1 ? loss : loss.mul(factor)).backward();
        return this;
    }

    /** The factor of the loss and the numbers among the losses and numbers of other batches or shards: the weight of a mean, 1 of a sum. */
    double factor(double weight) {
        return reduction == Reduction.SUM ? 1 : weight;
    }

    /**
     * Refuses a loss that has more than one element, or none.
     *
     * @throws IllegalArgumentException if the reduction is {@link Reduction#NONE}
     */
    static void requireReduced(Reduction reduction) {
        if (reduction == Reduction.NONE) {
            throw new IllegalArgumentException(
                    "Outcome: a loss of Reduction.NONE is a number for each element, but a batch"
                            + " has one loss; use reduction(Reduction.MEAN), or SUM");
        }
    }

    /** Keeps the tensors readable after the step whose {@link Workspace} has their elements, and returns this outcome. */
    Outcome kept() {
        Stream.concat(Stream.of(loss), Stream.concat(Stream.ofNullable(prediction), Stream.ofNullable(target)))
                .forEach(Workspace::keep);
        numbers.values().forEach(Workspace::keep);
        return this;
    }

    /**
     * Refuses numbers whose names other values have already.
     *
     * @throws IllegalArgumentException if a number has such a name
     */
    void requireOwnNames(Collection<String> others) {
        requireOwnNames(numbers, others);
    }

    private static void requireOwnNames(Map<String, Tensor> numbers, Collection<String> others) {
        for (String name : numbers.keySet()) {
            if (others.contains(name)) {
                throw new IllegalArgumentException(
                        "Outcome: the number '" + name + "' has the name of another value; name the number otherwise");
            }
        }
    }

    private static void requireOne(String name, @Nullable Tensor number) {
        if (number == null) {
            throw new IllegalArgumentException("Outcome: the " + name + " is null");
        }
        if (number.shape().size() != 1) {
            throw new IllegalArgumentException("Outcome: the " + name + " must be one number, but is " + number.shape()
                    + "; reduce it with mean()");
        }
    }
}
