package io.adjoint.core;

import com.google.errorprone.annotations.CheckReturnValue;
import java.util.StringJoiner;

/**
 * The kernel of pooling, {@code unfold} and {@code fold}: its sizes, stride, padding and dilation over the last axes of an array. Each
 * setting is one number for all axes, or one for each. The default stride is the kernel's size for pooling, and 1 for {@code unfold} and
 * {@code fold}.
 *
 * <pre>{@code x.maxPool2d(Window.kernel(3).stride(2).padding(1))}</pre>
 *
 * <p>Options are values: each method returns a changed copy.
 */
@CheckReturnValue
public final class Window extends SlidingOptions<Window> {
    final int[] kernel;
    boolean ceilMode;

    private Window(int[] kernel) {
        super(NONE);
        this.kernel = kernel;
    }

    /**
     * A window of the given kernel sizes, without padding: {@code kernel(3)} is 3 along each axis, {@code kernel(3, 2)} is 3 × 2.
     *
     * @throws IllegalArgumentException if a size is less than 1, or none is given
     */
    public static Window kernel(int... sizes) {
        return new Window(checked(Window.class, "kernel", 1, sizes));
    }

    /** The number of elements of the kernel if it has the given number of axes. */
    public int elements(int axes) {
        int product = 1;
        for (int axis = 0; axis < axes; axis++) {
            product *= kernel[kernel.length == 1 ? 0 : axis];
        }
        return product;
    }

    /**
     * Rounds the output size up, PyTorch's {@code ceil_mode}: the last window may reach beyond the end of the padding if it begins before
     * the padding behind the axis.
     */
    public Window ceilMode() {
        return with(copy -> copy.ceilMode = true);
    }

    /** The number of axes for which this window has settings; 1 if each setting is one number for all axes. */
    public int axes() {
        return Math.max(Math.max(kernel.length, stride.length), Math.max(padding.length, dilation.length));
    }

    @Override
    void addKernel(StringJoiner all) {
        all.add("kernel " + sizes(kernel));
    }

    @Override
    void addOthers(StringJoiner all) {
        if (ceilMode) {
            all.add("rounding up");
        }
    }
}
