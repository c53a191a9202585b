package io.adjoint.testkit;

import static io.adjoint.autograd.Autograd.op;
import static io.adjoint.autograd.Edge.edge;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import java.util.List;

/** Further {@link HiddenFaults}, which only FLOAT32 has. */
final class HiddenFloatFaults extends PlantedSines {
    /** The binary digits of the significand of FLOAT32, bfloat16 and half precision. */
    private static final int FLOAT32_DIGITS = 24;

    private static final int BFLOAT16_DIGITS = 8;
    private static final int HALF_DIGITS = 11;
    /** A slope with which the value overflows at the largest elements of a domain up to 2, but the gradient doesn't. */
    private static final double STEEP = 2e38;

    private HiddenFloatFaults() {}

    static List<Hidden> all() {
        HiddenFloatFaults faults = new HiddenFloatFaults();
        faults.factors();
        faults.digits("bfloat16", BFLOAT16_DIGITS, "");
        faults.digits("half precision", HALF_DIGITS, "a loss of up to half of the digits");
        faults.others();
        return faults.all;
    }

    private static boolean isFloat(Tensor x) {
        return x.dtype() == DType.FLOAT32;
    }

    private void factors() {
        factor("FLOAT32 wrong", "", 0.5);
        factor("FLOAT32 off by 1e-3", "", 1 + 1e-3);
        factor("FLOAT32 off by 1e-6", "below the tolerance", 1 + 1e-6);
        add("FLOAT32 value off by 1e-3", x -> sine(x).add(isFloat(x) ? 1e-3 : 0));
    }

    private void factor(String name, String excuse, double factor) {
        rule(SINE, name, excuse, (x, g) -> right(x, g).mul(isFloat(x) ? factor : 1));
    }

    /**
     * Adds faults that round the value or the gradient to the digits of a shorter type; the error differs between elements, like any
     * rounding.
     */
    private void digits(String type, int digits, String excuse) {
        add(
                SINE,
                "FLOAT32 value rounded to " + type,
                excuse,
                t -> op(
                        "sine",
                        rounded(Tensor.of(t[0].data().map(Math::sin)), digits).data(),
                        edge(t[0], g -> right(t[0], g))));
        rule(SINE, "FLOAT32 gradient rounded to " + type, excuse, (x, g) -> rounded(right(x, g), digits));
    }

    /** FLOAT32 elements rounded to bfloat16; FLOAT64 ones as they are. */
    static Tensor bfloat16(Tensor x) {
        return rounded(x, BFLOAT16_DIGITS);
    }

    private static Tensor rounded(Tensor x, int digits) {
        int lost = FLOAT32_DIGITS - digits;
        return isFloat(x)
                ? Tensor.of(x.data()
                        .map(v -> Float.intBitsToFloat(
                                (Float.floatToIntBits((float) v) + (1 << (lost - 1))) & -(1 << lost))))
                : x;
    }

    private void others() {
        add(
                MATRICES,
                "FLOAT32 product of operands rounded to bfloat16",
                "",
                t -> op(
                        "matmul",
                        bfloat16(t[0]).data().matmul(bfloat16(t[1]).data()),
                        edge(t[0], g -> g.matmul(t[1].transpose())),
                        edge(t[1], g -> t[0].transpose().matmul(g))));
        add("FLOAT32 gradient wrong where the value overflows", x -> {
            boolean overflows = isFloat(x) && HiddenFaults.largest(x) * STEEP > Float.MAX_VALUE;
            return op("steep", x.data().mul(STEEP), edge(x, g -> g.mul(overflows ? STEEP / 2 : STEEP)));
        });
        add("FLOAT64 value of FLOAT32", x -> sine(x).to(DType.FLOAT64));
    }
}
