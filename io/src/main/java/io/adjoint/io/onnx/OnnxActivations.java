package io.adjoint.io.onnx;

import io.adjoint.core.NdArray;
import io.adjoint.nn.layer.CELU;
import io.adjoint.nn.layer.ELU;
import io.adjoint.nn.layer.GELU;
import io.adjoint.nn.layer.GLU;
import io.adjoint.nn.layer.Hardshrink;
import io.adjoint.nn.layer.Hardsigmoid;
import io.adjoint.nn.layer.Hardswish;
import io.adjoint.nn.layer.Hardtanh;
import io.adjoint.nn.layer.LeakyReLU;
import io.adjoint.nn.layer.LogSigmoid;
import io.adjoint.nn.layer.LogSoftmax;
import io.adjoint.nn.layer.Mish;
import io.adjoint.nn.layer.PReLU;
import io.adjoint.nn.layer.RReLU;
import io.adjoint.nn.layer.ReLU;
import io.adjoint.nn.layer.ReLU6;
import io.adjoint.nn.layer.SELU;
import io.adjoint.nn.layer.SiLU;
import io.adjoint.nn.layer.Sigmoid;
import io.adjoint.nn.layer.Softmax;
import io.adjoint.nn.layer.Softmin;
import io.adjoint.nn.layer.Softplus;
import io.adjoint.nn.layer.Softshrink;
import io.adjoint.nn.layer.Softsign;
import io.adjoint.nn.layer.Tanh;
import io.adjoint.nn.layer.Tanhshrink;
import io.adjoint.nn.layer.Threshold;
import java.util.Arrays;
import java.util.List;

/** The export rules of activations: of elementwise functions, and of functions along an axis. */
final class OnnxActivations {
    private OnnxActivations() {}

    static void addTo(OnnxRules rules) {
        rules.layer(ReLU.class, (g, layer, x) -> g.op("Relu").of(x))
                .layer(ReLU6.class, (g, layer, x) -> clipped(g, x, 0, 6))
                .layer(SELU.class, (g, layer, x) -> g.op("Selu").of(x))
                .layer(SiLU.class, (g, layer, x) -> mul(g, x, sigmoid(g, x)))
                .layer(Mish.class, (g, layer, x) -> mul(g, x, tanh(g, softplus(g, x))))
                .layer(Sigmoid.class, (g, layer, x) -> sigmoid(g, x))
                .layer(LogSigmoid.class, (g, layer, x) -> neg(g, softplus(g, neg(g, x))))
                .layer(
                        Hardsigmoid.class,
                        (g, layer, x) ->
                                g.op("HardSigmoid").real("alpha", 1.0 / 6).of(x))
                .layer(Hardswish.class, (g, layer, x) -> g.op("HardSwish").of(x))
                .layer(Tanh.class, (g, layer, x) -> tanh(g, x))
                .layer(Tanhshrink.class, (g, layer, x) -> g.op("Sub").of(x, tanh(g, x)))
                .layer(Softsign.class, (g, layer, x) -> g.op("Softsign").of(x))
                .layer(GELU.class, OnnxActivations::gelu)
                .layer(
                        LeakyReLU.class,
                        (g, layer, x) ->
                                g.op("LeakyRelu").real("alpha", layer.slope()).of(x))
                .layer(
                        RReLU.class,
                        (g, layer, x) -> g.op("LeakyRelu")
                                .real("alpha", layer.lower() / 2 + layer.upper() / 2)
                                .of(x))
                .layer(
                        ELU.class,
                        (g, layer, x) ->
                                g.op("Elu").real("alpha", layer.alpha()).of(x))
                .layer(
                        CELU.class,
                        (g, layer, x) ->
                                g.op("Celu").real("alpha", layer.alpha()).of(x))
                .layer(Hardtanh.class, (g, layer, x) -> clipped(g, x, layer.min(), layer.max()))
                .layer(Softshrink.class, (g, layer, x) -> shrunk(g, x, layer.lambda(), layer.lambda()))
                .layer(Hardshrink.class, (g, layer, x) -> shrunk(g, x, layer.lambda(), 0))
                .layer(Threshold.class, (g, layer, x) -> above(g, x, layer.threshold(), x, g.constant(layer.value())))
                .layer(Softplus.class, OnnxActivations::softplus)
                .layer(PReLU.class, OnnxActivations::prelu)
                .layer(Softmax.class, (g, layer, x) -> along(g, "Softmax", x, layer.axis()))
                .layer(Softmin.class, (g, layer, x) -> along(g, "Softmax", neg(g, x), layer.axis()))
                .layer(LogSoftmax.class, (g, layer, x) -> along(g, "LogSoftmax", x, layer.axis()))
                .layer(GLU.class, OnnxActivations::glu);
    }

    private static OnnxValue mul(OnnxGraph g, OnnxValue a, OnnxValue b) {
        return g.op("Mul").of(a, b);
    }

    private static OnnxValue neg(OnnxGraph g, OnnxValue x) {
        return g.op("Neg").of(x);
    }

    private static OnnxValue tanh(OnnxGraph g, OnnxValue x) {
        return g.op("Tanh").of(x);
    }

    static OnnxValue sigmoid(OnnxGraph g, OnnxValue x) {
        return g.op("Sigmoid").of(x);
    }

    private static OnnxValue softplus(OnnxGraph g, OnnxValue x) {
        return g.op("Softplus").of(x);
    }

    private static OnnxValue clipped(OnnxGraph g, OnnxValue x, double min, double max) {
        return g.op("Clip").of(x, g.constant(min), g.constant(max));
    }

    private static OnnxValue shrunk(OnnxGraph g, OnnxValue x, double lambda, double bias) {
        return g.op("Shrink").real("lambd", lambda).real("bias", bias).of(x);
    }

    /** Adds the nodes that select {@code yes} where x is above a number, otherwise {@code no}. */
    private static OnnxValue above(OnnxGraph g, OnnxValue x, double number, OnnxValue yes, OnnxValue no) {
        return g.op("Where").to(x.dims(), g.op("Greater").of(x, g.constant(number)), yes, no);
    }

    private static OnnxValue along(OnnxGraph g, String op, OnnxValue x, int axis) {
        return g.op(op).integer("axis", axis).of(x);
    }

    private static OnnxValue gelu(OnnxGraph g, GELU layer, OnnxValue x) {
        OnnxValue part;
        if (layer.isTanh()) {
            OnnxValue cube = mul(g, mul(g, mul(g, x, x), x), g.constant(0.044715));
            part = tanh(g, mul(g, g.op("Add").of(x, cube), g.constant(Math.sqrt(2 / Math.PI))));
        } else {
            part = g.op("Erf").of(mul(g, x, g.constant(Math.sqrt(0.5))));
        }
        return mul(g, mul(g, x, g.constant(0.5)), g.op("Add").of(part, g.constant(1)));
    }

    private static OnnxValue softplus(OnnxGraph g, Softplus layer, OnnxValue x) {
        OnnxValue scaled = mul(g, x, g.constant(layer.beta()));
        OnnxValue smooth = g.op("Div").of(softplus(g, scaled), g.constant(layer.beta()));
        return above(g, scaled, layer.threshold(), x, smooth);
    }

    private static OnnxValue prelu(OnnxGraph g, PReLU layer, OnnxValue x) {
        NdArray slopes = layer.weight().data();
        int[] dims = new int[Math.max(1, x.rank() - 1)];
        Arrays.fill(dims, 1);
        dims[0] = slopes.size();
        return g.op("PRelu").of(x, g.constant("weight", slopes.reshape(dims)));
    }

    private static OnnxValue glu(OnnxGraph g, GLU layer, OnnxValue x) {
        int axis = g.axis(layer.axis(), x);
        int[] half = x.with(axis, x.dim(axis) / 2);
        List<OnnxValue> halves = g.op("Split").integer("axis", axis).outputs(List.of(half, half), x);
        return mul(g, halves.get(0), sigmoid(g, halves.get(1)));
    }
}
