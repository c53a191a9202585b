package io.adjoint.autograd;

import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BinaryOperator;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/**
 * A computation with much sharing: each step applies an operation to any two of the leaves and of the results before it; the last
 * result is the output. It runs on tensors, and on dual numbers, which carry one derivative forward and know nothing of graphs.
 */
record Program(List<Step> steps) {
    /** Some broadcast to the shape of the first, which is that of all results or one that broadcasts to it. */
    static final List<Shape> LEAVES = List.of(Shape.of(2, 2), Shape.of(2), Shape.of(2, 1), Shape.scalar());

    private static final Shape FULL = LEAVES.get(0);

    /** An operation and where its operands stand, counted round and round. */
    record Step(Op op, int left, int right) {
        @Override
        public String toString() {
            return op + "(" + left + "," + right + ")";
        }
    }

    /** Of 2×2 matrices {@code [0 1; 2 3]}; products are squashed, so that no chain of them overflows. */
    enum Op {
        ADD,
        SUB,
        MUL,
        TANH,
        SIGMOID,
        TRANSPOSE,
        FLIP,
        SUM_ROWS,
        MATMUL,
        CONCAT,
        SOFTMAX,
        STEPS;

        Tensor apply(Tensor a, Tensor b, BinaryOperator<Tensor> add) {
            return switch (this) {
                case ADD -> add.apply(a, b);
                case SUB -> a.sub(b);
                case MUL -> a.mul(b).tanh();
                case TANH -> a.tanh();
                case SIGMOID -> a.sigmoid();
                case TRANSPOSE -> full(a).transpose();
                case FLIP -> full(a).flip(0);
                case SUM_ROWS -> full(a).sum(true, 0).mul(0.5);
                case MATMUL -> full(a).matmul(full(b)).tanh();
                case CONCAT -> Tensor.concat(0, full(a), full(b)).slice(0, 1, 3);
                case SOFTMAX -> full(a).softmax(1);
                case STEPS ->
                    Tensor.stack(0, full(a), full(b), full(a))
                            .slice(0, 2, -1, -2)
                            .sum(0);
            };
        }

        Dual[] apply(Dual[] a, Dual[] b) {
            return switch (this) {
                case ADD -> each(a, b, Dual::plus);
                case SUB -> each(a, b, (x, y) -> x.plus(y.times(new Dual(-1, 0))));
                case MUL -> each(a, b, (x, y) -> x.times(y).tanh());
                case TANH -> each(a, b, (x, y) -> x.tanh());
                case SIGMOID ->
                    each(
                            a,
                            b,
                            (x, y) -> new Dual(1, 0)
                                    .over(new Dual(1, 0)
                                            .plus(x.times(new Dual(-1, 0)).exp())));
                case TRANSPOSE -> new Dual[] {a[0], a[2], a[1], a[3]};
                case FLIP -> new Dual[] {a[2], a[3], a[0], a[1]};
                case SUM_ROWS -> {
                    Dual left = a[0].plus(a[2]).times(new Dual(0.5, 0));
                    Dual right = a[1].plus(a[3]).times(new Dual(0.5, 0));
                    yield new Dual[] {left, right, left, right};
                }
                case MATMUL ->
                    new Dual[] {
                        a[0].times(b[0]).plus(a[1].times(b[2])).tanh(),
                        a[0].times(b[1]).plus(a[1].times(b[3])).tanh(),
                        a[2].times(b[0]).plus(a[3].times(b[2])).tanh(),
                        a[2].times(b[1]).plus(a[3].times(b[3])).tanh()
                    };
                case CONCAT -> new Dual[] {a[2], a[3], b[0], b[1]};
                case SOFTMAX -> {
                    Dual first = a[0].exp().plus(a[1].exp());
                    Dual second = a[2].exp().plus(a[3].exp());
                    yield new Dual[] {
                        a[0].exp().over(first),
                        a[1].exp().over(first),
                        a[2].exp().over(second),
                        a[3].exp().over(second)
                    };
                }
                case STEPS -> each(a, a, Dual::plus);
            };
        }

        private static Tensor full(Tensor x) {
            return x.broadcastTo(FULL);
        }

        private static Dual[] each(Dual[] a, Dual[] b, BinaryOperator<Dual> function) {
            Dual[] result = new Dual[4];
            Arrays.setAll(result, e -> function.apply(a[e], b[e]));
            return result;
        }
    }

    /** A number and its derivative. */
    record Dual(double value, double derivative) {
        Dual plus(Dual other) {
            return new Dual(value + other.value, derivative + other.derivative);
        }

        Dual times(Dual other) {
            return new Dual(value * other.value, derivative * other.value + value * other.derivative);
        }

        Dual over(Dual other) {
            double quotient = value / other.value;
            return new Dual(quotient, (derivative - quotient * other.derivative) / other.value);
        }

        Dual exp() {
            return new Dual(Math.exp(value), Math.exp(value) * derivative);
        }

        Dual tanh() {
            double y = Math.tanh(value);
            return new Dual(y, derivative * (1 - y * y));
        }
    }

    static Arbitrary<Program> programs(int longest, Op... ops) {
        Arbitrary<Integer> operand = Arbitraries.integers().between(0, LEAVES.size() + longest - 1);
        return Combinators.combine(Arbitraries.of(ops), operand, operand)
                .as(Step::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(longest)
                .map(Program::new);
    }

    /** The output for leaves of the shapes in {@link #LEAVES}, at its full size; {@code add} is what ADD steps do. */
    Tensor run(BinaryOperator<Tensor> add, Tensor... leaves) {
        List<Tensor> values = new ArrayList<>(List.of(leaves));
        for (Step step : steps) {
            int count = values.size();
            values.add(step.op().apply(values.get(step.left() % count), values.get(step.right() % count), add));
        }
        return Op.full(values.get(values.size() - 1));
    }

    /** The gradient of the weighted sum of the output with respect to one leaf, one forward run an element. */
    NdArray forwardGradient(List<NdArray> leaves, int leaf, NdArray weights) {
        double[] w = weights.toDoubleArray();
        double[] gradient = new double[leaves.get(leaf).size()];
        for (int element = 0; element < gradient.length; element++) {
            List<Dual[]> values = new ArrayList<>();
            for (int k = 0; k < leaves.size(); k++) {
                values.add(duals(leaves.get(k), k == leaf ? element : -1));
            }
            for (Step step : steps) {
                int count = values.size();
                values.add(step.op().apply(values.get(step.left() % count), values.get(step.right() % count)));
            }
            Dual[] output = values.get(values.size() - 1);
            for (int e = 0; e < 4; e++) {
                gradient[element] += w[e] * output[e].derivative();
            }
        }
        return NdArray.of(leaves.get(leaf).shape(), gradient);
    }

    /** A leaf at full size, whose derivative is 1 wherever the given element stands. */
    private static Dual[] duals(NdArray leaf, int element) {
        double[] values = leaf.toDoubleArray();
        NdArray places = NdArray.arange(DType.INT32, values.length).reshape(leaf.shape());
        Dual[] duals = new Dual[4];
        for (int e = 0; e < 4; e++) {
            int[] index = {e / 2, e % 2};
            int[] own = Arrays.copyOfRange(index, 2 - leaf.shape().rank(), 2);
            for (int axis = 0; axis < own.length; axis++) {
                own[axis] = leaf.shape().dim(axis) == 1 ? 0 : own[axis];
            }
            int place = (int) places.get(own);
            duals[e] = new Dual(values[place], place == element ? 1 : 0);
        }
        return duals;
    }

    @Override
    public String toString() {
        return steps.toString();
    }
}
