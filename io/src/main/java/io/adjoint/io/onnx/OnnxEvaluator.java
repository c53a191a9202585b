package io.adjoint.io.onnx;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.Dims;
import io.adjoint.core.PadMode;
import io.adjoint.core.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Computes ONNX operators according to their specification, so that a graph can be checked before it is written. */
final class OnnxEvaluator {
    /** Computes the outputs of a call of an operator. */
    @FunctionalInterface
    interface Operator {
        List<Tensor> compute(OnnxCall call);
    }

    private static final Map<String, Operator> ALL = new HashMap<>();

    static {
        functions();
        binary();
        reductions();
        normalizations();
        shapes();
        indexing();
        add("MatMul", c -> c.x().matmul(c.in(1)));
        add("Gemm", OnnxEvaluator::gemm);
        add("Einsum", c -> Tensor.einsum(c.attributes().textOr("equation", ""), given(c).toArray(new Tensor[0])));
        OnnxWindowEvaluator.addTo(ALL);
        OnnxRecurrentEvaluator.addTo(ALL);
    }

    private OnnxEvaluator() {}

    /** The computation of an operator; null if the operator isn't supported here. */
    static @Nullable Operator of(String type) {
        return ALL.get(type);
    }

    private static void add(String type, Function<OnnxCall, Tensor> function) {
        ALL.put(type, call -> List.of(function.apply(call)));
    }

    /** All inputs of a call, none of which may be omitted. */
    private static List<Tensor> given(OnnxCall c) {
        return IntStream.range(0, c.inputs().size()).mapToObj(c::in).toList();
    }

    // ---- elementwise ----

    private static void function(String type, UnaryOperator<Tensor> function) {
        add(type, c -> function.apply(c.x()));
    }

    /** Adds an operator that is a function with an attribute {@code alpha}; the argument {@code alpha} is the attribute's default. */
    private static void function(String type, double alpha, TensorAndNumber function) {
        add(type, c -> function.of(c.x(), c.attributes().realOr("alpha", alpha)));
    }

    @FunctionalInterface
    private interface TensorAndNumber {
        Tensor of(Tensor x, double alpha);
    }

    private static void functions() {
        Map<String, UnaryOperator<Tensor>> functions = new HashMap<>(Map.of(
                "Abs", Tensor::abs, "Neg", Tensor::neg, "Exp", Tensor::exp, "Log", Tensor::log, "Sqrt", Tensor::sqrt));
        functions.putAll(Map.of(
                "Sin",
                Tensor::sin,
                "Cos",
                Tensor::cos,
                "Tan",
                Tensor::tan,
                "Asin",
                Tensor::asin,
                "Acos",
                Tensor::acos));
        functions.putAll(
                Map.of("Atan", Tensor::atan, "Sinh", Tensor::sinh, "Cosh", Tensor::cosh, "Tanh", Tensor::tanh));
        functions.putAll(Map.of("Asinh", Tensor::asinh, "Acosh", Tensor::acosh, "Atanh", Tensor::atanh));
        functions.putAll(
                Map.of("Floor", Tensor::floor, "Ceil", Tensor::ceil, "Round", Tensor::round, "Sign", Tensor::sign));
        functions.putAll(Map.of("Reciprocal", Tensor::reciprocal, "Erf", Tensor::erf, "Not", Tensor::not));
        functions.put("Identity", x -> x);
        functions.put("Dropout", x -> x);
        functions.put("IsNaN", Tensor::isNaN);
        functions.put("Relu", x -> x.maximum(0));
        functions.put("Sigmoid", x -> x.neg().exp().add(1).reciprocal());
        functions.put("Softplus", x -> x.logAddExp(Tensor.zerosLike(x)));
        functions.put("Softsign", x -> x.div(x.abs().add(1)));
        functions.put("HardSwish", x -> x.mul(x.div(6).add(0.5).clamp(0, 1)));
        functions.forEach(OnnxEvaluator::function);
        function("Elu", 1, (x, alpha) -> Tensor.where(x.lt(0), x.exp().sub(1).mul(alpha), x));
        function(
                "Celu",
                1,
                (x, alpha) ->
                        x.maximum(0).add(x.div(alpha).exp().sub(1).mul(alpha).minimum(0)));
        function("LeakyRelu", 0.01, (x, alpha) -> Tensor.where(x.lt(0), x.mul(alpha), x));
        function("ThresholdedRelu", 1, (x, alpha) -> Tensor.where(x.gt(alpha), x, 0));
        add(
                "HardSigmoid",
                c -> c.x().mul(c.attributes().realOr("alpha", 0.2))
                        .add(c.attributes().realOr("beta", 0.5))
                        .clamp(0, 1));
        add("Selu", c -> {
            double alpha = c.attributes().realOr("alpha", 1.6732631921768188);
            double gamma = c.attributes().realOr("gamma", 1.0507010221481323);
            return Tensor.where(c.x().lt(0), c.x().exp().sub(1).mul(alpha), c.x())
                    .mul(gamma);
        });
        add("Shrink", c -> {
            double lambda = c.attributes().realOr("lambd", 0.5);
            double bias = c.attributes().realOr("bias", 0);
            Tensor above = Tensor.where(c.x().gt(lambda), c.x().sub(bias), 0);
            return Tensor.where(c.x().lt(-lambda), c.x().add(bias), above);
        });
        add("Clip", c -> {
            Tensor least = c.has(1) ? c.x().maximum(c.in(1)) : c.x();
            return c.has(2) ? least.minimum(c.in(2)) : least;
        });
        add("PRelu", c -> Tensor.where(c.x().lt(0), c.x().mul(c.in(1)), c.x()));
        add("Where", c -> Tensor.where(c.x(), c.in(1), c.in(2)));
        add("Cast", c -> switch (c.attributes().integerOr("to", 0)) {
            case 1 -> c.x().to(c.dtype());
            case 6, 7 -> c.x().to(DType.INT32);
            case 9 -> c.x().to(DType.BOOL);
            default -> throw new IllegalArgumentException("a cast is to FLOAT (1), INT32 (6), INT64 (7) or BOOL (9)");
        });
    }

    private static void binary() {
        Map<String, BinaryOperator<Tensor>> functions = new HashMap<>(Map.of(
                "Add", Tensor::add, "Sub", Tensor::sub, "Mul", Tensor::mul, "Div", Tensor::div, "Pow", Tensor::pow));
        functions.putAll(
                Map.of("Equal", Tensor::eq, "Less", Tensor::lt, "LessOrEqual", Tensor::le, "Greater", Tensor::gt));
        functions.putAll(
                Map.of("GreaterOrEqual", Tensor::ge, "And", Tensor::and, "Or", Tensor::or, "Xor", Tensor::xor));
        functions.forEach((type, function) -> add(type, c -> function.apply(c.x(), c.in(1))));
        Map.<String, BinaryOperator<Tensor>>of("Max", Tensor::maximum, "Min", Tensor::minimum, "Sum", Tensor::add)
                .forEach((type, function) ->
                        add(type, c -> given(c).stream().reduce(function).orElseThrow()));
        add(
                "Mean",
                c -> given(c).stream()
                        .reduce(Tensor::add)
                        .orElseThrow()
                        .div(c.inputs().size()));
    }

    // ---- along axes ----

    @FunctionalInterface
    private interface Reduction {
        Tensor of(Tensor x, Dims dims, int... axes);
    }

    private static void reductions() {
        Map<String, Reduction> reductions =
                new HashMap<>(Map.of("ReduceMean", Tensor::mean, "ReduceMax", Tensor::amax, "ReduceMin", Tensor::amin));
        reductions.put("ReduceProd", Tensor::prod);
        reductions.put("ReduceL1", (x, dims, axes) -> x.abs().sum(dims, axes));
        reductions.put("ReduceL2", (x, dims, axes) -> x.square().sum(dims, axes).sqrt());
        reductions.put("ReduceSumSquare", (x, dims, axes) -> x.square().sum(dims, axes));
        reductions.put("ReduceLogSum", (x, dims, axes) -> x.sum(dims, axes).log());
        reductions.put("ReduceLogSumExp", Tensor::logSumExp);
        reductions.forEach((type, reduction) -> add(type, c -> reduction.of(c.x(), c.dims(), c.axes())));
        add("ReduceSum", c -> c.x().sum(c.dims(), c.has(1) ? c.integers(1) : c.axes()));
        add("ArgMax", c -> c.x().argMax(c.dims(), c.axis(0)));
        add("ArgMin", c -> c.x().argMin(c.dims(), c.axis(0)));
        add("Softmax", c -> {
            Tensor powers = c.x().sub(c.x().amax(Dims.KEEP, c.axis(-1))).exp();
            return powers.div(powers.sum(Dims.KEEP, c.axis(-1)));
        });
        add("LogSoftmax", c -> c.x().sub(c.x().logSumExp(Dims.KEEP, c.axis(-1))));
        add("CumSum", c -> c.x().cumsum(c.integers(1)[0]));
    }

    private static void normalizations() {
        add("BatchNormalization", c -> {
            Tensor deviation = channels(c, 4).add(eps(c)).sqrt();
            return c.x().sub(channels(c, 3)).div(deviation).mul(channels(c, 1)).add(channels(c, 2));
        });
        add("InstanceNormalization", c -> {
            int[] axes = IntStream.range(2, c.x().shape().rank()).toArray();
            return normalized(c, axes).mul(channels(c, 1)).add(channels(c, 2));
        });
        add("LRN", OnnxEvaluator::localResponse);
        add("LayerNormalization", c -> {
            int[] axes = IntStream.range(c.axis(-1), c.x().shape().rank()).toArray();
            Tensor scaled = normalized(c, axes).mul(c.in(1));
            return c.has(2) ? scaled.add(c.in(2)) : scaled;
        });
    }

    /**
     * Computes local response normalization from the sum of the squares of each channel and its neighbouring channels; for an even size
     * there is one more neighbour of higher index than of lower index.
     */
    private static Tensor localResponse(OnnxCall c) {
        int size = c.attributes().integerOr("size", 1);
        int channels = c.x().shape().dim(1);
        int[] pairs = new int[2 * (c.x().shape().rank() - 1)];
        pairs[pairs.length - 2] = (size - 1) / 2;
        pairs[pairs.length - 1] = size / 2;
        Tensor squares = c.x().square().padConstant(0, pairs);
        Tensor sums = IntStream.range(0, size)
                .mapToObj(k -> squares.slice(1, k, k + channels))
                .reduce(Tensor::add)
                .orElseThrow();
        return c.x().div(sums.mul(c.attributes().realOr("alpha", 1e-4) / size)
                .add(c.attributes().realOr("bias", 1))
                .pow(c.attributes().realOr("beta", 0.75)));
    }

    private static double eps(OnnxCall c) {
        return c.attributes().realOr("epsilon", 1e-5);
    }

    private static Tensor normalized(OnnxCall c, int... axes) {
        Tensor centred = c.x().sub(c.x().mean(Dims.KEEP, axes));
        return centred.div(centred.square().mean(Dims.KEEP, axes).add(eps(c)).sqrt());
    }

    /** Input k, a vector {@code [C]}, reshaped so that its axis is aligned with axis 1 of x. */
    private static Tensor channels(OnnxCall c, int k) {
        int[] dims = new int[c.x().shape().rank()];
        Arrays.fill(dims, 1);
        dims[1] = c.x().shape().dim(1);
        return c.in(k).reshape(dims);
    }

    private static Tensor gemm(OnnxCall c) {
        Tensor a = c.attributes().integerOr("transA", 0) == 0 ? c.x() : c.x().transpose();
        Tensor b =
                c.attributes().integerOr("transB", 0) == 0 ? c.in(1) : c.in(1).transpose();
        if (a.shape().rank() != 2 || b.shape().rank() != 2) {
            throw new IllegalArgumentException("it multiplies matrices");
        }
        Tensor product = a.matmul(b).mul(c.attributes().realOr("alpha", 1));
        double beta = c.attributes().realOr("beta", 1);
        return c.has(2) ? product.add(c.in(2).mul(beta)) : product;
    }

    // ---- other shapes ----

    private static void shapes() {
        add("Reshape", c -> {
            int[] dims = c.integers(1);
            for (int axis = 0; axis < dims.length; axis++) {
                dims[axis] = dims[axis] == 0 ? c.x().shape().dim(axis) : dims[axis];
            }
            return c.x().reshape(dims);
        });
        add("Flatten", c -> {
            int axis = c.attributes().integerOr("axis", 1);
            int[] dims = c.x().shape().toArray();
            int split = axis == dims.length ? axis : OnnxCall.axis(axis, dims.length);
            return c.x().reshape(product(dims, 0, split), product(dims, split, dims.length));
        });
        add("Transpose", c -> {
            int last = c.x().shape().rank() - 1;
            return c.x().permute(c.attributes()
                    .integersOr(
                            "perm",
                            IntStream.rangeClosed(0, last).map(k -> last - k).toArray()));
        });
        add("Unsqueeze", c -> {
            int rank = c.x().shape().rank() + c.integers(1).length;
            int[] axes = Arrays.stream(c.integers(1))
                    .map(axis -> OnnxCall.axis(axis, rank))
                    .sorted()
                    .toArray();
            Tensor x = c.x();
            for (int axis : axes) {
                x = x.unsqueeze(axis);
            }
            return x;
        });
        add("Squeeze", c -> {
            int[] axes = c.has(1) ? c.integers(1) : new int[0];
            for (int axis : axes) {
                int size = c.x().shape().dim(OnnxCall.axis(axis, c.x().shape().rank()));
                if (size != 1) {
                    throw new IllegalArgumentException("axis " + axis + " has the size " + size);
                }
            }
            return c.x().squeeze(axes);
        });
        add("Concat", c -> Tensor.concat(c.axis(0), given(c)));
        ALL.put("Split", c -> {
            int axis = c.axis(0);
            int size = c.x().shape().dim(axis);
            if (!c.has(1) && size % c.outputs() != 0) {
                throw new IllegalArgumentException(c.outputs() + " equal parts are not " + size);
            }
            return c.has(1) ? c.x().split(axis, c.integers(1)) : c.x().split(axis, size / c.outputs());
        });
        add("Expand", c -> Tensor.where(Tensor.ones(DType.BOOL, Shape.of(c.integers(1))), c.x(), c.x()));
        add("Tile", c -> c.x().tile(c.integers(1)));
        add("Shape", c -> {
            int[] dims = c.x().shape().toArray();
            int from = within(c.attributes().integerOr("start", 0), dims.length);
            int to = within(c.attributes().integerOr("end", dims.length), dims.length);
            return Tensor.of(Arrays.copyOfRange(dims, from, Math.max(from, to)));
        });
        add("Pad", OnnxEvaluator::padded);
    }

    private static int product(int[] dims, int from, int to) {
        return Arrays.stream(dims, from, to).reduce(1, Math::multiplyExact);
    }

    private static Tensor padded(OnnxCall c) {
        int[] pads = c.integers(1);
        String mode = c.attributes().textOr("mode", "constant");
        double value = c.has(2) ? c.in(2).item() : 0;
        int[] pairs = pairs(c.x().shape().rank(), pads);
        return switch (mode) {
            case "constant" -> c.x().padConstant(value, pairs);
            case "reflect" -> c.x().pad(PadMode.REFLECT, pairs);
            case "edge" -> c.x().pad(PadMode.REPLICATE, pairs);
            default -> throw new IllegalArgumentException("there is no mode '" + mode + "'");
        };
    }

    /**
     * Converts ONNX's pads, the paddings at the beginnings of all axes followed by the paddings at their ends, to pairs of beginning and
     * end from the last axis to the first, without leading axes that have no padding.
     */
    static int[] pairs(int rank, int... pads) {
        if (pads.length != 2 * rank) {
            throw new IllegalArgumentException(rank + " axes have " + 2 * rank + " pads, got " + pads.length);
        }
        int first = 0;
        while (first < rank && pads[first] == 0 && pads[rank + first] == 0) {
            first++;
        }
        int[] pairs = new int[2 * (rank - first)];
        for (int k = 0; k < rank - first; k++) {
            pairs[2 * k] = pads[rank - 1 - k];
            pairs[2 * k + 1] = pads[2 * rank - 1 - k];
        }
        return pairs;
    }

    private static void indexing() {
        add("Gather", c -> {
            int axis = c.axis(0);
            int[] dims = c.x().shape().toArray();
            int[] indices = Arrays.stream(c.integers(1))
                    .map(k -> k < 0 ? k + dims[axis] : k)
                    .toArray();
            List<Integer> sizes = new ArrayList<>();
            Arrays.stream(dims, 0, axis).forEach(sizes::add);
            Arrays.stream(c.in(1).shape().toArray()).forEach(sizes::add);
            Arrays.stream(dims, axis + 1, dims.length).forEach(sizes::add);
            return c.x().indexSelect(axis, indices)
                    .reshape(sizes.stream().mapToInt(size -> size).toArray());
        });
        add("GatherElements", c -> c.x().gather(c.axis(0), c.in(1)));
        add("Slice", OnnxEvaluator::sliced);
    }

    private static Tensor sliced(OnnxCall c) {
        int[] from = c.integers(1);
        int[] to = c.integers(2);
        int[] axes = c.has(3) ? c.integers(3) : IntStream.range(0, from.length).toArray();
        int[] steps = c.has(4)
                ? c.integers(4)
                : IntStream.generate(() -> 1).limit(from.length).toArray();
        Tensor x = c.x();
        for (int k = 0; k < axes.length; k++) {
            if (steps[k] < 1) {
                throw new IllegalArgumentException("steps backward are not computed here");
            }
            int axis = OnnxCall.axis(axes[k], x.shape().rank());
            int size = x.shape().dim(axis);
            int begin = within(from[k], size);
            x = x.slice(axis, begin, Math.max(begin, within(to[k], size)), steps[k]);
        }
        return x;
    }

    private static int within(int index, int size) {
        return Math.max(0, Math.min(size, index < 0 ? index + size : index));
    }
}
