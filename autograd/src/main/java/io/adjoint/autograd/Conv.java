package io.adjoint.autograd;

import io.adjoint.core.Window;
import java.util.Arrays;

/**
 * How a convolution slides: by default by steps of 1, without padding, all channels together. Each setting is one number for all axes,
 * or one for each.
 *
 * <pre>{@code x.conv2d(weight, bias, new Conv().stride(2).padding(1))}</pre>
 *
 * <p>Settings are values: each method returns a changed copy.
 */
public final class Conv {
    private final Window window;
    private final int groups;
    private final int[] outputPadding;

    /** Steps of 1, no padding, the weight's elements next to each other, one group. */
    public Conv() {
        this(new Window(1).stride(1), 1, 0);
    }

    private Conv(Window window, int groups, int... outputPadding) {
        this.window = window;
        this.groups = groups;
        this.outputPadding = outputPadding;
    }

    /** Steps of so many elements. */
    public Conv stride(int... steps) {
        return new Conv(window.stride(steps), groups, outputPadding);
    }

    /** So many zeros on both sides of an axis; a transposed convolution leaves out as many elements. */
    public Conv padding(int... elements) {
        return new Conv(window.padding(elements), groups, outputPadding);
    }

    /** The weight's elements so far apart; 1 is next to each other. */
    public Conv dilation(int... distances) {
        return new Conv(window.dilation(distances), groups, outputPadding);
    }

    /**
     * The channels in so many groups of equal size, each with weights of its own; as many as there are channels is a depthwise
     * convolution.
     *
     * @throws IllegalArgumentException if there is not at least one
     */
    public Conv groups(int number) {
        if (number < 1) {
            throw new IllegalArgumentException("conv: groups must be at least 1, got " + number);
        }
        return new Conv(window, number, outputPadding);
    }

    /**
     * For a transposed convolution: so many elements more at the end of an axis. With a stride, inputs of several lengths have
     * outputs of one; this says which of them comes back.
     *
     * @throws IllegalArgumentException if one is negative, or none is given
     */
    public Conv outputPadding(int... elements) {
        if (elements.length == 0 || Arrays.stream(elements).anyMatch(number -> number < 0)) {
            throw new IllegalArgumentException("conv: output padding must be at least 0, one number for all axes or one"
                    + " for each, got " + Arrays.toString(elements));
        }
        return new Conv(window, groups, elements.clone());
    }

    /** The window of a weight whose last axes have the given sides. */
    Window window(int... kernel) {
        return window.kernel(kernel);
    }

    /** The number of groups. */
    public int groupCount() {
        return groups;
    }

    int[] extra() {
        return outputPadding;
    }
}
