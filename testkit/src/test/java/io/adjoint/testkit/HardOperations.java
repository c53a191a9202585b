package io.adjoint.testkit;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Dims;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Right operations that are hard to differentiate numerically or to compute in FLOAT32. They are composed of the library's operations as a
 * user writes them, with the settings that a user finds first.
 */
final class HardOperations {
    /**
     * Operations whose alarms are explained: in FLOAT32 nothing is left of the input of the first; the second has a cusp too narrow for
     * differences.
     */
    static final Set<String> EXPLAINED = Set.of("x + 1e8 - 1e8", "logDet near singular");

    private HardOperations() {}

    private static Operation each(String name, double min, double max, UnaryOperator<Tensor> function) {
        return Operation.unary(name, function).within(Values.between(min, max)).order(2);
    }

    private static Operation vector(String name, UnaryOperator<Tensor> function) {
        return Operation.unary(name, function).shapes("(n)").order(2);
    }

    private static Operation rows(String name, double min, double max, UnaryOperator<Tensor> function) {
        return Operation.unary(name, function)
                .shapes("(...,n)")
                .within(Values.between(min, max))
                .order(2);
    }

    private static Operation square(String name, UnaryOperator<Tensor> function) {
        return Operation.unary(name, function).shapes("(n,n)").dims(1, 4).order(2);
    }

    private static Tensor ridged(Tensor x) {
        return x.transpose()
                .matmul(x)
                .add(Tensor.eye(x.shape().dim(1)).to(x.dtype()).mul(1e-2));
    }

    /** All operations; none has a fault, so no check should fail. */
    static List<Operation> right() {
        return List.of(
                each("exp(20x)", -2, 2, x -> x.mul(20).exp()),
                each("exp(50x)", -2, 2, x -> x.mul(50).exp()),
                each("sin(100x)", -2, 2, x -> x.mul(100).sin()),
                each("sigmoid(100x)", -2, 2, x -> x.mul(100).sigmoid()),
                each("sigmoid(1000x)", -2, 2, x -> x.mul(1000).sigmoid()),
                each("tanh(50x)", -2, 2, x -> x.mul(50).tanh()),
                each("softplus(300x)", -2, 2, x -> x.mul(300).softplus()),
                each("1/(x^2 + 0.003)", -2, 2, x -> x.square().add(0.003).reciprocal()),
                each("1/x", 0.01, 3, Tensor::reciprocal),
                each("1/x^3", 0.05, 3, x -> x.pow(-3)),
                each("lgamma", 0.01, 30, Tensor::lgamma),
                each("digamma", 0.05, 30, Tensor::digamma),
                each("x^8", -3, 3, x -> x.pow(8)),
                each("x^2 + 1e4", -2, 2, x -> x.square().add(1e4)),
                each("x^2 + 1e8", -2, 2, x -> x.square().add(1e8)),
                each("x^3 + 1e12", -2, 2, x -> x.pow(3).add(1e12)),
                // In FLOAT32 nothing is left of x.
                each("sin(x + 1e6)", -2, 2, x -> x.add(1e6).sin()).except(OperationCheck.FLOATS),
                each("sin(x) + 1e6", -2, 2, x -> x.sin().add(1e6)),
                each("log", 0.001, 10, Tensor::log),
                each("log of small numbers", 1e-6, 1e-3, Tensor::log),
                each("sqrt", 0.01, 10, Tensor::sqrt),
                each("sqrt of small numbers", 1e-6, 1e-3, Tensor::sqrt),
                each("tan", -1.5, 1.5, Tensor::tan),
                each("atanh", -0.999, 0.999, Tensor::atanh),
                each("acos", -0.999, 0.999, Tensor::acos),
                each("|x|^3", -2, 2, x -> x.abs().pow(3)),
                each("x |x| |x|", -2, 2, x -> x.mul(x.abs()).mul(x.abs())),
                each("1e150 x^2", -2, 2, x -> x.square().mul(1e150)),
                each("1e-150 x^2", -2, 2, x -> x.square().mul(1e-150)),
                each("expm1(x)/x", 0.001, 2, x -> x.expm1().div(x)),
                each("1 - cos", -2, 2, x -> x.cos().rsub(1)),
                each("x + 1e8 - 1e8", -2, 2, x -> x.add(1e8).sub(1e8)),
                each(
                        "gaussian of width 0.01",
                        -2,
                        2,
                        x -> x.mul(100).square().neg().exp()),
                rows("logSumExp at 700", -700, 700, x -> x.logSumExp(-1)),
                rows("logSumExp(10x)", -2, 2, x -> x.mul(10).logSumExp(-1)),
                rows("softmax(20x)", -2, 2, x -> x.mul(20).softmax(-1)),
                rows("softmax(200x)", -2, 2, x -> x.mul(200).softmax(-1)),
                rows("logSoftmax(200x)", -2, 2, x -> x.mul(200).logSoftmax(-1)),
                rows("layer norm, composed", -2, 2, x -> {
                    Tensor centred = x.sub(x.mean(Dims.KEEP, -1));
                    return centred.div(
                            centred.square().mean(Dims.KEEP, -1).add(1e-5).sqrt());
                }),
                rows(
                        "sqrt(sum x^2 + 1e-12)",
                        -2,
                        2,
                        x -> x.square().sum(-1).add(1e-12).sqrt()),
                rows(
                        "cosine similarity with ones",
                        -2,
                        2,
                        x -> x.sum(-1).div(x.square().sum(-1).add(1e-8).sqrt())),
                vector("cumprod", x -> x.cumprod(0)),
                vector("prod", Tensor::prod),
                Operation.unary("prod of any shape", Tensor::prod)
                        .shapes("(...)")
                        .order(2),
                vector("norm squared, squared", x -> x.square().sum().square()),
                square(
                        "inverse",
                        x -> x.add(Tensor.eye(x.shape().dim(0)).to(x.dtype()).mul(3))
                                .inv()),
                square(
                        "inverse near singular",
                        x -> x.matmul(x.transpose())
                                .add(Tensor.eye(x.shape().dim(0)).to(x.dtype()).mul(1e-2))
                                .inv()),
                square("logDet near singular", x -> x.det().square().add(1e-12).log()),
                square("slogDet of a ridge", x -> ridged(x).det().log()),
                square("Cholesky of a ridge", x -> ridged(x).cholesky()),
                Operation.of(
                                "solve",
                                t -> t[0].matmul(t[0].transpose())
                                        .add(Tensor.eye(t[0].shape().dim(0))
                                                .to(t[0].dtype())
                                                .mul(0.1))
                                        .solve(t[1]))
                        .shapes("(n,n),(n,m)")
                        .dims(1, 4)
                        .order(2),
                Operation.of(
                                "ridge regression",
                                t -> ridged(t[0]).solve(t[0].transpose().matmul(t[1])))
                        .shapes("(m,n),(m,k)")
                        .dims(1, 4)
                        .order(2),
                Operation.binary("a exp(b)", (a, b) -> a.mul(b.mul(5).exp())).order(2),
                Operation.binary("sin(50ab)", (a, b) -> a.mul(b).mul(50).sin()).order(2),
                Operation.binary("a^2 - b^2", (a, b) -> a.square().sub(b.square()))
                        .order(2),
                Operation.binary("a/b", Tensor::div)
                        .within(Values.between(-2, 2), Values.between(0.01, 2))
                        .order(2));
    }
}
