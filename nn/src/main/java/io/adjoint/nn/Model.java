package io.adjoint.nn;

import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A block that maps an input of any type to an output of any type, such as a record of several tensors. Your own model <b>registers its
 * blocks by {@link #child}</b>, and implements {@link #compute}; you call {@link #forward}:
 *
 * <pre>{@code
 * record Code(Tensor image, Tensor mean, Tensor logVariance) {}
 *
 * final class Vae extends Model<Tensor, Code> {
 *     private final Init init = new Init(new Generator(1));
 *     private final Dense mean = child("mean", new Dense(784, 8, init));
 *     private final Dense logVariance = child("logVariance", new Dense(784, 8, init));
 *     private final Dense decoder = child("decoder", new Dense(8, 784, init));
 *
 *     protected Code compute(Tensor x) {
 *         Tensor mu = mean.forward(x), v = logVariance.forward(x);
 *         Tensor noise = Tensor.randn(mu.shape(), init.generator());
 *         return new Code(decoder.forward(mu.add(noise.mul(v.div(2).exp()))), mu, v);
 *     }
 * }
 * }</pre>
 *
 * <p>A {@link Layer} is the model that maps one tensor to another: it can be replaced and has hooks.
 *
 * @param <I> the input's type; several inputs are a record
 * @param <O> the output's type
 */
public abstract class Model<I, O> extends Block {
    /**
     * The output for an input.
     *
     * @throws RuntimeException as {@link #compute} does; the message of a library's error begins with this block's path in the block
     *     that runs, {@code encoder.0: Dense(784 -> 128): …}
     */
    public O forward(I input) {
        return within(() -> requireOutput(compute(input)));
    }

    /**
     * The output for an input in evaluation mode, without recording: dropout is off, normalizations use their running statistics, and an
     * output that is a tensor requires no gradient. The mode of this block and of its children stays as it is and doesn't matter. So any
     * number of threads may predict by one model at once, each with the bits that one thread would get.
     *
     * @throws RuntimeException as {@link #forward} does
     */
    public final O predict(I input) {
        return detached(Autograd.noGrad(() -> Scope.current().predict(() -> forward(input))));
    }

    /** The output; a layer that returns its input, such as an identity, may return a tensor that requires a gradient. */
    @SuppressWarnings("unchecked") // A detached tensor has the class of a tensor, which is final.
    private static <T> T detached(T output) {
        return output instanceof Tensor tensor && tensor.requiresGrad() ? (T) tensor.detach() : output;
    }

    /** Computes the output; called by {@link #forward}, which adds to it this block's path in errors and its row in summaries. */
    protected abstract O compute(I input);

    static <T> T requireOutput(@Nullable T output) {
        if (output == null) {
            throw new IllegalArgumentException("the block computed null");
        }
        return output;
    }
}
