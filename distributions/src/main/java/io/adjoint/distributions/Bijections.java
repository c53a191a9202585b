package io.adjoint.distributions;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.SelectionKernels;
import io.adjoint.core.Shape;
import java.util.function.UnaryOperator;

/** The bijections of {@link Bijection}. */
final class Bijections {
    private static final Constraint OPEN_UNIT =
            Constraint.of("between 0 and 1", x -> x > 0 && x < 1, Bijections::sigmoid);
    private static final Constraint NOT_ZERO = Constraint.of("finite and not 0", x -> Double.isFinite(x) && x != 0);
    static final Constraint SQUARE = Constraints.vectors(
            2, "a square matrix of finite numbers", Constraints::isSquare, () -> Bijections.IDENTITY.independent(2));

    static final Bijection IDENTITY =
            new Elementwise("identity", Constraint.REAL, Constraint.REAL, x -> x, y -> y, Tensor::zerosLike);
    static final Bijection EXP =
            new Elementwise("exp", Constraint.REAL, Constraint.POSITIVE, Tensor::exp, Tensor::log, x -> x);
    static final Bijection SIGMOID = new Elementwise(
            "sigmoid",
            Constraint.REAL,
            OPEN_UNIT,
            Tensor::sigmoid,
            y -> y.log().sub(y.neg().log1p()),
            x -> x.logSigmoid().add(x.neg().logSigmoid()));
    static final Bijection TANH = new Elementwise(
            "tanh",
            Constraint.REAL,
            Constraint.of("between -1 and 1", x -> x > -1 && x < 1, () -> Bijections.TANH),
            Tensor::tanh,
            Tensor::atanh,
            // 1 − tanh² = 4·σ(2x)·σ(−2x)
            x -> x.mul(2).logSigmoid().add(x.mul(-2).logSigmoid()).add(2 * Terms.LOG_2));
    static final Bijection SOFTPLUS = new Elementwise(
            "softplus",
            Constraint.REAL,
            Constraint.POSITIVE,
            x -> x.neg().logSigmoid().neg(),
            // log(eʸ − 1) = y + log(1 − e⁻ʸ)
            y -> y.add(y.neg().expm1().neg().log()),
            Tensor::logSigmoid);
    static final Bijection STICK_BREAKING = new StickBreaking();
    static final Bijection LOWER_CHOLESKY = new LowerCholesky();

    private Bijections() {}

    private static Bijection sigmoid() {
        return SIGMOID;
    }

    /** {@code y = loc + scale·x} in the dtype of x. */
    static Bijection affine(double loc, double scale) {
        Affine checked = new Affine(Tensor.scalar(loc), Tensor.scalar(scale));
        double logScale = checked.logDetJacobian(checked.loc).item();
        return new Elementwise(
                "affine(" + loc + ", " + scale + ")",
                Constraint.REAL,
                Constraint.REAL,
                x -> x.mul(scale).add(loc),
                y -> y.sub(loc).div(scale),
                x -> Tensor.fullLike(x, logScale));
    }

    /** From the real numbers to those between the bounds, each of which is finite or infinite in all elements. */
    static Bijection between(Tensor low, Tensor high) {
        boolean isOpenBelow = isEach(low, Double.NEGATIVE_INFINITY);
        boolean isOpenAbove = isEach(high, Double.POSITIVE_INFINITY);
        if (isOpenBelow) {
            return isOpenAbove ? IDENTITY : EXP.andThen(new Affine(high, Terms.constant(high.dtype(), -1)));
        }
        return isOpenAbove
                ? EXP.andThen(new Affine(low, Terms.constant(low.dtype(), 1)))
                : SIGMOID.andThen(new Affine(low, high.sub(low)));
    }

    /** Reads the numbers past tapes and graphs, for which the kind of an interval is a setting. */
    private static boolean isEach(Tensor bounds, double expected) {
        return SelectionKernels.indexOfFirst(bounds.data(), x -> x != expected) < 0;
    }

    private record Elementwise(
            String name,
            Constraint domain,
            Constraint codomain,
            UnaryOperator<Tensor> function,
            UnaryOperator<Tensor> inverseFunction,
            UnaryOperator<Tensor> logSlope)
            implements Bijection {
        @Override
        public Tensor forward(Tensor x) {
            return function.apply(x);
        }

        @Override
        public Tensor inverse(Tensor y) {
            return inverseFunction.apply(y);
        }

        @Override
        public Tensor logDetJacobian(Tensor x) {
            return logSlope.apply(x);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    record Affine(Tensor loc, Tensor scale) implements Bijection {
        Affine {
            Constraint.REAL.require("Bijection.affine", "loc", loc);
            NOT_ZERO.require("Bijection.affine", "scale", scale);
        }

        @Override
        public Shape forwardShape(Shape shape) {
            Shape scaled = Shape.broadcast("Bijection.affine", shape, scale.shape());
            return Shape.broadcast("Bijection.affine", scaled, loc.shape());
        }

        @Override
        public Shape inverseShape(Shape shape) {
            return forwardShape(shape);
        }

        @Override
        public Tensor forward(Tensor x) {
            return loc.add(scale.mul(x));
        }

        @Override
        public Tensor inverse(Tensor y) {
            return y.sub(loc).div(scale);
        }

        @Override
        public Tensor logDetJacobian(Tensor x) {
            return scale.abs().log().broadcastTo(forwardShape(x.shape()));
        }

        @Override
        public Constraint domain() {
            return Constraint.REAL;
        }

        @Override
        public Constraint codomain() {
            return Constraint.REAL;
        }
    }

    record StickBreaking() implements Bijection {
        @Override
        public Tensor forward(Tensor x) {
            return logForward(x).exp();
        }

        /** The logarithms of the probabilities: {@code log z_k + Σ_{j<k} log(1 − z_j)}, where the last share is 1. */
        private static Tensor logForward(Tensor x) {
            Tensor shifted = x.sub(offsets(x));
            Tensor left = shifted.neg().logSigmoid().cumsum(-1);
            return shifted.logSigmoid().pad(0, 1).add(left.pad(1, 0));
        }

        /** {@code log(K − k)} for k = 1, …, K − 1. */
        private static Tensor offsets(Tensor x) {
            int n = x.shape().dim(-1);
            return Tensor.arange(x.dtype(), n, 0, -1).log();
        }

        @Override
        public Tensor inverse(Tensor y) {
            int last = y.shape().dim(-1) - 1;
            // Added up from the end, the rest keeps its digits where it is small.
            Tensor left = y.flip(-1).cumsum(-1).flip(-1).slice(-1, 1, last + 1);
            Tensor logits = y.slice(-1, 0, last).log().sub(left.log());
            return logits.add(offsets(logits));
        }

        @Override
        public Tensor logDetJacobian(Tensor x) {
            // ∂y_k/∂x_k = y_k·(1 − z_k), and the matrix is triangular.
            int n = x.shape().dim(-1);
            Tensor rests = x.sub(offsets(x)).neg().logSigmoid();
            return logForward(x).slice(-1, 0, n).add(rests).sum(-1);
        }

        @Override
        public Constraint domain() {
            return Constraint.REAL_VECTOR;
        }

        @Override
        public Constraint codomain() {
            return Constraint.SIMPLEX;
        }

        @Override
        public Shape forwardShape(Shape shape) {
            return Terms.batch(shape, 1).append("Bijection.stickBreaking", shape.dim(-1) + 1);
        }

        @Override
        public Shape inverseShape(Shape shape) {
            return Terms.batch(shape, 1).append("Bijection.stickBreaking", shape.dim(-1) - 1);
        }
    }

    record LowerCholesky() implements Bijection {
        @Override
        public Tensor forward(Tensor x) {
            return x.tril(-1).add(diagonal(x).exp().diagEmbed());
        }

        @Override
        public Tensor inverse(Tensor y) {
            return y.tril(-1).add(diagonal(y).log().diagEmbed());
        }

        @Override
        public Tensor logDetJacobian(Tensor x) {
            return diagonal(x).sum(-1);
        }

        private static Tensor diagonal(Tensor x) {
            return x.diagonal(-2, -1, 0);
        }

        @Override
        public Constraint domain() {
            return SQUARE;
        }

        @Override
        public Constraint codomain() {
            return Constraint.LOWER_CHOLESKY;
        }
    }

    record Inverted(Bijection base) implements Bijection {
        @Override
        public Tensor forward(Tensor x) {
            return base.inverse(x);
        }

        @Override
        public Tensor inverse(Tensor y) {
            return base.forward(y);
        }

        @Override
        public Tensor logDetJacobian(Tensor x) {
            return base.logDetJacobian(base.inverse(x)).neg();
        }

        @Override
        public Constraint domain() {
            return base.codomain();
        }

        @Override
        public Constraint codomain() {
            return base.domain();
        }

        @Override
        public Shape forwardShape(Shape shape) {
            return base.inverseShape(shape);
        }

        @Override
        public Shape inverseShape(Shape shape) {
            return base.forwardShape(shape);
        }

        @Override
        public Bijection inverted() {
            return base;
        }
    }

    record Composed(Bijection first, Bijection second) implements Bijection {
        @Override
        public Tensor forward(Tensor x) {
            return second.forward(first.forward(x));
        }

        @Override
        public Tensor inverse(Tensor y) {
            return first.inverse(second.inverse(y));
        }

        @Override
        public Tensor logDetJacobian(Tensor x) {
            int joined = eventRank();
            Tensor own = Terms.sumLast(
                    first.logDetJacobian(x), joined - first.domain().eventRank());
            Tensor next = Terms.sumLast(
                    second.logDetJacobian(first.forward(x)),
                    joined - second.domain().eventRank());
            return own.add(next);
        }

        @Override
        public Shape forwardShape(Shape shape) {
            return second.forwardShape(first.forwardShape(shape));
        }

        @Override
        public Shape inverseShape(Shape shape) {
            return first.inverseShape(second.inverseShape(shape));
        }

        private int eventRank() {
            return Math.max(first.domain().eventRank(), second.domain().eventRank());
        }

        @Override
        public Constraint domain() {
            return Constraints.independent(
                    first.domain(), eventRank() - first.domain().eventRank());
        }

        @Override
        public Constraint codomain() {
            return Constraints.independent(
                    second.codomain(), eventRank() - second.domain().eventRank());
        }
    }

    record IndependentAxes(Bijection base, int axes) implements Bijection {
        @Override
        public Tensor forward(Tensor x) {
            return base.forward(x);
        }

        @Override
        public Tensor inverse(Tensor y) {
            return base.inverse(y);
        }

        @Override
        public Tensor logDetJacobian(Tensor x) {
            return Terms.sumLast(base.logDetJacobian(x), axes);
        }

        @Override
        public Shape forwardShape(Shape shape) {
            return base.forwardShape(shape);
        }

        @Override
        public Shape inverseShape(Shape shape) {
            return base.inverseShape(shape);
        }

        @Override
        public Constraint domain() {
            return Constraints.independent(base.domain(), axes);
        }

        @Override
        public Constraint codomain() {
            return Constraints.independent(base.codomain(), axes);
        }
    }
}
