package io.adjoint.nn.optim;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.InPlace;
import io.adjoint.core.NdArray;
import java.util.List;

/**
 * Muon (Jordan et al., 2024), for the weights of hidden layers: a momentum that is made nearly orthogonal, so that a step has about the
 * same length in each direction. With gradient g, parameter p of r rows and c columns, learning rate η, weight decay λ and momentum μ:
 *
 * <pre>{@code
 * b = μ·b + (1 − μ)·g
 * X = μ·b + (1 − μ)·g,  divided by max(‖X‖, ε)
 * X = 3.4445·X − 4.775·(X·Xᵀ)·X + 2.0315·(X·Xᵀ)²·X,  five times
 * p = p − η·λ·p − η·√max(1, r/c)·X
 * }</pre>
 *
 * <p>The five iterations are Newton and Schulz's; they move all singular values into about [0.7, 1.2]. By default η = 0.001, μ = 0.95, ε =
 * 10⁻⁷ and λ = 0.1, as in PyTorch 2.9, which computes the iterations in bfloat16, and Adjoint in the parameter's type. Parameters are
 * matrices; one of more axes, as of a convolution, is taken as the matrix of its first axis and all others. Biases, embeddings and the last
 * layer get an optimizer of their own, such as {@link AdamW}. The settings return this optimizer.
 */
public final class Muon extends FluentOptimizer<Muon> {
    private static final int ITERATIONS = 5;

    private final Setting momentum = decayRate("momentum", 0.95);
    private final Setting eps = notNegative("eps", 1e-7);
    private boolean isPlain;
    private boolean matchesAdamW;

    /** Muon with learning rate 0.001. */
    public Muon(List<Tensor> parameters) {
        this(parameters, 1e-3);
    }

    /**
     * Muon with the given learning rate.
     *
     * @throws IllegalArgumentException as {@link Optimizer#Optimizer} does, and if a parameter has fewer than two axes
     */
    public Muon(List<Tensor> parameters, double learningRate) {
        super(parameters, learningRate);
        weightDecay(0.1);
    }

    /**
     * Sets the momentum μ.
     *
     * @throws IllegalArgumentException unless it is at least 0 and less than 1
     */
    @CanIgnoreReturnValue
    public Muon momentum(double momentum) {
        return with(this.momentum, momentum);
    }

    /**
     * Sets ε, the smallest norm by which a momentum is divided.
     *
     * @throws IllegalArgumentException if it is negative or not finite
     */
    @CanIgnoreReturnValue
    public Muon eps(double eps) {
        return with(this.eps, eps);
    }

    /** Takes X = b instead of Nesterov's μ·b + (1 − μ)·g. */
    @CanIgnoreReturnValue
    public Muon withoutNesterov() {
        this.isPlain = true;
        return this;
    }

    /**
     * Scales steps by 0.2·√max(r, c) instead of √max(1, r/c), so that their root mean square is about as large as with {@link AdamW}, and
     * learning rates and weight decays of it can be used (Liu et al., 2025); PyTorch's {@code match_rms_adamw}.
     */
    @CanIgnoreReturnValue
    public Muon matchAdamW() {
        this.matchesAdamW = true;
        return this;
    }

    @Override
    String problem(Tensor parameter) {
        return parameter.shape().rank() < 2
                ? "is no matrix; give it to another optimizer, such as AdamW"
                : super.problem(parameter);
    }

    @Override
    protected String describe() {
        return (isPlain ? "without Nesterov" : "")
                + (isPlain && matchesAdamW ? ", " : "")
                + (matchesAdamW ? "steps as AdamW's" : "");
    }

    @Override
    protected Update update(ParameterGroup group, int t) {
        double rate = group.learningRate();
        double decay = group.weightDecay();
        double mu = group.get(momentum);
        double smallest = group.get(eps);
        return Update.ours(List.of(StateArray.like("momentum")), (parameter, gradient, arrays) -> {
            if (parameter.size() == 0) {
                return () -> {};
            }
            NdArray mean = arrays[0].mul(mu).add(gradient.mul(1 - mu));
            NdArray direction = isPlain ? mean : mean.mul(mu).add(gradient.mul(1 - mu));
            int rows = parameter.shape().dim(0);
            int columns = parameter.size() / rows;
            double scale = matchesAdamW
                    ? 0.2 * Math.sqrt(Math.max(rows, columns))
                    : Math.sqrt(Math.max(1, (double) rows / columns));
            NdArray step =
                    orthogonal(direction.reshape(rows, columns), smallest).mul(rate * scale);
            NdArray next = parameter.mul(1 - rate * decay).sub(step.reshape(parameter.shape()));
            return () -> {
                InPlace.assign(arrays[0], mean);
                InPlace.assign(parameter, next);
            };
        });
    }

    /** Approximately orthogonalizes a matrix by Newton-Schulz iterations, which work on the transpose if it has fewer rows. */
    private static NdArray orthogonal(NdArray matrix, double eps) {
        boolean isTall = matrix.shape().dim(0) > matrix.shape().dim(1);
        NdArray x = (isTall ? matrix.transpose() : matrix)
                .div(Math.max(matrix.vectorNorm(2).item(), eps));
        for (int k = 0; k < ITERATIONS; k++) {
            NdArray gram = x.matmul(x.transpose());
            NdArray factor = gram.mul(-4.775).add(gram.matmul(gram).mul(2.0315));
            x = x.mul(3.4445).add(factor.matmul(x));
        }
        return isTall ? x.transpose() : x;
    }
}
