package io.adjoint.testkit;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.Shape;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Tensors as Java expressions that create them again. */
public final class Literals {
    /** The layouts of those tensors of the testkit that are not contiguous, by tensor; tensors are compared by identity. */
    private static final Map<Tensor, Layout> LAYOUTS = Collections.synchronizedMap(new WeakHashMap<>());

    private static final int LONGEST = 1000;

    private Literals() {}

    static Tensor remember(Tensor tensor, Layout layout) {
        if (layout != Layout.CONTIGUOUS) {
            LAYOUTS.put(tensor, layout);
        }
        return tensor;
    }

    /** A leaf with the same elements in the same layout. */
    static Tensor copy(Tensor tensor) {
        Tensor leaf = tensor.detach().requiresGrad(tensor.requiresGrad());
        return LAYOUTS.getOrDefault(tensor, Layout.CONTIGUOUS).of(leaf);
    }

    /** A Java expression that creates the tensor, in the layout that this kit gave it. */
    public static String of(Tensor tensor) {
        Layout layout = LAYOUTS.getOrDefault(tensor, Layout.CONTIGUOUS);
        String elements = elements(tensor);
        return (layout == Layout.CONTIGUOUS ? elements : "Layout." + layout + ".of(" + elements + ")")
                + (tensor.requiresGrad() && tensor.isLeaf() ? ".requiresGrad(true)" : "");
    }

    private static String elements(Tensor tensor) {
        Shape shape = tensor.shape();
        if (shape.size() > LONGEST) {
            return "/* " + tensor.dtype() + " " + shape + ", too long to write down */";
        }
        double[] values = tensor.data().toDoubleArray();
        String list = switch (tensor.dtype()) {
            case FLOAT64 -> Arrays.stream(values).mapToObj(Literals::of).collect(Collectors.joining(", "));
            case FLOAT32 ->
                Arrays.stream(values)
                        .mapToObj(Literals::ofFloat)
                        .collect(Collectors.joining(", ", "new float[] {", "}"));
            case INT32 ->
                IntStream.of(tensor.data().toIntArray())
                        .mapToObj(Integer::toString)
                        .collect(Collectors.joining(", ", "new int[] {", "}"));
            case BOOL ->
                Arrays.stream(values)
                        .mapToObj(value -> Boolean.toString(value != 0))
                        .collect(Collectors.joining(", ", "new boolean[] {", "}"));
        };
        if (shape.rank() == 0 && tensor.dtype() == DType.FLOAT64) {
            return "Tensor.scalar(" + list + ")";
        }
        String dims = IntStream.of(shape.toArray()).mapToObj(Integer::toString).collect(Collectors.joining(", "));
        if (shape.size() == 0) {
            return "Tensor.of(NdArray.zeros(DType." + tensor.dtype() + ", Shape.of(" + dims + ")))";
        }
        return "Tensor.of(" + list + ")"
                + (shape.rank() == 1 ? "" : ".reshape(" + (dims.isEmpty() ? "Shape.scalar()" : dims) + ")");
    }

    /** A double as a Java expression, without the decimal point if it is an integer. */
    static String of(double value) {
        if (Double.isNaN(value)) {
            return "Double.NaN";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "Double.POSITIVE_INFINITY" : "Double.NEGATIVE_INFINITY";
        }
        boolean isWhole = value == Math.rint(value) && Math.abs(value) < 1e7 && !(value == 0 && 1 / value < 0);
        return isWhole ? Integer.toString((int) value) : Double.toString(value);
    }

    private static String ofFloat(double value) {
        String literal = Double.isNaN(value) || Double.isInfinite(value)
                ? of(value).replace("Double", "Float")
                : value == Math.rint(value) ? of(value) : Float.toString((float) value);
        return literal.contains(".") && !literal.startsWith("Float") ? literal + "f" : literal;
    }
}
