package io.adjoint.autograd;

import static io.adjoint.autograd.Autograd.op;
import static io.adjoint.autograd.Edge.edge;

import io.adjoint.core.BinaryKernel;
import io.adjoint.core.Kernel;
import io.adjoint.core.Kernels;
import java.util.Locale;
import java.util.function.BinaryOperator;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The functions of one number, each with its kernel and its rule. The rule takes the gradient g and the function's output y or its
 * input x; a third entry is the same rule as one loop, used while nothing records.
 */
public enum Pointwise {
    /** {@code |x|}; at the kink 0 the gradient is 0. */
    ABS(each(Math::abs), input((g, x) -> g.mul(x.sign()))),
    /** {@code eˣ}. */
    EXP(Kernels::exp, output(Tensor::mul)),
    /** The natural logarithm; NaN below 0, and so is its gradient. */
    LOG(each(Math::log), input((g, x) -> g.div(positive(x)))),
    /** {@code −x}. */
    NEG(Kernels::neg, output((g, y) -> g.neg())),
    /** {@code 1/x}. */
    RECIPROCAL(Kernels::reciprocal, output((g, y) -> g.neg().mul(y.mul(y)))),
    /** {@code max(x, 0)}; at the kink 0 the gradient is 0, for NaN it is NaN. */
    RELU(Kernels::relu, output(Pointwise::reluRule)),
    /** {@code 1 / (1 + e⁻ˣ)}. */
    SIGMOID(Kernels::sigmoid, output((g, y) -> g.mul(y.mul(y.neg().add(1))), Kernels::sigmoidGradient)),
    /** −1, 0 or 1; its gradient is 0 everywhere, but NaN for NaN. */
    SIGN(each(Math::signum), output((g, y) -> g.mul(y.mul(0)))),
    /** The square root; at 0 the gradient is infinite. */
    SQRT(each(Math::sqrt), output((g, y) -> g.div(y.mul(2)))),
    /** {@code x²}. */
    SQUARE(Kernels::square, input((g, x) -> g.mul(x.mul(2)))),
    /** The hyperbolic tangent. */
    TANH(Kernels::tanh, output((g, y) -> g.mul(y.square().neg().add(1)), Kernels::tanhGradient));

    private final Kernel kernel;
    private final Rule rule;
    private final String label = name().toLowerCase(Locale.ROOT);

    Pointwise(Kernel kernel, Rule rule) {
        this.kernel = kernel;
        this.rule = rule;
    }

    /** The function of each element of x. */
    public Tensor of(Tensor x) {
        return rule.readsOutput()
                ? op(label, x.data().map(kernel), y -> edge(x, g -> rule.apply(g, y)), x)
                : op(label, x.data().map(kernel), edge(x, g -> rule.apply(g, x)));
    }

    private record Rule(
            boolean readsOutput,
            BinaryOperator<Tensor> composed,
            @Nullable BinaryKernel fused) {
        Tensor apply(Tensor g, Tensor read) {
            return fused == null || Autograd.isRecording()
                    ? composed.apply(g, read)
                    : Tensor.of(g.data().zip(read.data(), fused));
        }
    }

    private static Rule output(BinaryOperator<Tensor> rule) {
        return new Rule(true, rule, null);
    }

    private static Rule output(BinaryOperator<Tensor> rule, BinaryKernel fused) {
        return new Rule(true, rule, fused);
    }

    private static Rule input(BinaryOperator<Tensor> rule) {
        return new Rule(false, rule, null);
    }

    /** Picks a constructor of {@link Kernel} in front of the enum's own scope. */
    private static Kernel each(DoubleUnaryOperator function) {
        return Kernel.each(function);
    }

    /** x itself, but NaN where it is negative, so that what is undefined there has no finite derivative. */
    private static Tensor positive(Tensor x) {
        return op("positive", x.data().map(v -> v < 0 ? Double.NaN : v), edge(x, g -> g));
    }

    /** Selects rather than multiplies, so an infinite gradient at a negative input is 0 and not NaN; linear in g. */
    private static Tensor reluRule(Tensor g, Tensor y) {
        return op("reluGradient", g.data().zip(y.data(), Kernels::reluGradient), edge(g, h -> reluRule(h, y)));
    }
}
