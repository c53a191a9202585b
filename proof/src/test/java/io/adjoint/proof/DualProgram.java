package io.adjoint.proof;

import io.adjoint.core.DType;
import io.adjoint.core.Dims;
import io.adjoint.core.NdArray;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Runs a {@link Program} on arrays that carry one derivative forward, without graphs, rules and gradients. */
final class DualProgram {
    private DualProgram() {}

    /** An array and the derivative of each of its elements. */
    private record Dual(NdArray value, NdArray derivative) {
        Dual plus(Dual other) {
            return new Dual(value.add(other.value), derivative.add(other.derivative));
        }

        Dual plus(double c) {
            return new Dual(value.map(v -> v + c), derivative);
        }

        Dual times(double c) {
            return linear(array -> array.map(v -> v * c));
        }

        Dual times(Dual other) {
            return new Dual(value.mul(other.value), derivative.mul(other.value).add(value.mul(other.derivative)));
        }

        Dual over(Dual other) {
            NdArray quotient = value.div(other.value);
            return new Dual(
                    quotient, derivative.sub(quotient.mul(other.derivative)).div(other.value));
        }

        Dual exp() {
            NdArray y = value.map(Math::exp);
            return new Dual(y, derivative.mul(y));
        }

        Dual log() {
            return new Dual(value.map(Math::log), derivative.div(value));
        }

        Dual tanh() {
            NdArray y = value.map(Math::tanh);
            return new Dual(y, derivative.mul(y.map(v -> 1 - v * v)));
        }

        Dual sigmoid() {
            NdArray y = value.map(v -> 1 / (1 + Math.exp(-v)));
            return new Dual(y, derivative.mul(y.map(v -> v * (1 - v))));
        }

        /** Applies a linear function, such as a movement or a sum, to both value and derivative. */
        Dual linear(UnaryOperator<NdArray> map) {
            return new Dual(map.apply(value), map.apply(derivative));
        }

        Dual mean(int... axes) {
            Dual sum = linear(array -> array.sum(axes));
            return sum.times((double) sum.value.size() / value.size());
        }

        Dual timesOwnTranspose() {
            NdArray transposed = transposed(value);
            return new Dual(
                    value.matmul(transposed), derivative.matmul(transposed).add(value.matmul(transposed(derivative))));
        }

        private static NdArray transposed(NdArray array) {
            return array.shape().rank() < 2 ? array : array.transpose(-2, -1);
        }
    }

    /** The gradient of the sum of the weighted output with respect to one input, computed by one run per element. */
    static NdArray gradient(Program program, List<NdArray> inputs, int input, NdArray weights) {
        NdArray at = inputs.get(input);
        double[] gradient = new double[at.size()];
        for (int element = 0; element < gradient.length; element++) {
            List<Dual> duals = new ArrayList<>();
            for (int k = 0; k < inputs.size(); k++) {
                double[] direction = new double[inputs.get(k).size()];
                if (k == input) {
                    direction[element] = 1;
                }
                NdArray value = inputs.get(k);
                duals.add(new Dual(value, NdArray.of(value.shape(), direction)));
            }
            gradient[element] =
                    run(program, duals).derivative().mul(weights).sum().item();
        }
        return NdArray.of(at.shape(), gradient);
    }

    private static Dual run(Program program, List<Dual> inputs) {
        List<Dual> values = new ArrayList<>(inputs);
        for (Program.Step step : program.steps()) {
            values.add(step(
                    step.kind(), values.get(step.a() % values.size()), values.get(step.b() % values.size()), step));
        }
        return values.get(values.size() - 1);
    }

    private static Dual step(Program.Kind kind, Dual a, Dual b, Program.Step step) {
        Dual other = b.value().shape().broadcastsTo(a.value().shape()) ? b : b.mean();
        int rank = a.value().shape().rank();
        int axis = rank == 0 ? 0 : step.number() % rank;
        int size = rank == 0 ? 1 : a.value().shape().dim(axis);
        return switch (kind) {
            case ADD -> a.plus(other);
            case SUB -> a.plus(other.times(-1));
            case MUL -> a.tanh().times(other);
            case DIV -> a.over(other.times(other).plus(1));
            case TANH -> a.tanh();
            case SIGMOID -> a.sigmoid();
            case HALF_SQUARE -> a.tanh().times(a.tanh()).times(0.5);
            case EXP -> a.tanh().exp();
            case SOFTPLUS -> a.exp().plus(1).log().sigmoid();
            case SUM ->
                rank == 0 ? a : a.linear(array -> array.sum(Dims.KEEP, axis)).tanh();
            case MEAN -> rank == 0 ? a : a.mean(axis);
            default -> rank == 0 ? a.tanh() : along(kind, a, axis, size);
        };
    }

    private static Dual along(Program.Kind kind, Dual a, int axis, int size) {
        return switch (kind) {
            case SOFTMAX -> a.exp().over(a.exp().linear(array -> array.sum(Dims.KEEP, axis)));
            case LOG_SUM_EXP ->
                a.exp().linear(array -> array.sum(Dims.KEEP, axis)).log();
            case TRANSPOSE -> a.linear(array -> array.transpose(0, axis));
            case FLIP -> a.linear(array -> array.flip(axis));
            case RESHAPE -> a.linear(array -> array.reshape(array.size()));
            case SLICE -> a.linear(array -> array.slice(axis, size > 1 ? 1 : 0, size, 1));
            case STACK -> {
                NdArray minus = NdArray.scalar(DType.FLOAT64, -1);
                yield a.value().shape().rank() < 3
                        ? a.linear(array -> NdArray.concat(
                                axis,
                                List.of(array.unsqueeze(axis), array.mul(minus).unsqueeze(axis))))
                        : a.times(-1);
            }
            case OUTER -> a.timesOwnTranspose().tanh();
            default -> throw new IllegalStateException(kind.name());
        };
    }
}
