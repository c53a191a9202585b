package io.adjoint.autograd;

import io.adjoint.core.Taps;
import java.util.Arrays;
import java.util.function.IntToDoubleFunction;

/** How {@link Tensor#interpolate} makes the elements of an axis of another length. Several axes are done one after the other. */
public enum Interpolation {
    /** The element at {@code ⌊i · old / new⌋}. */
    NEAREST {
        @Override
        Taps taps(int side, int places, double old, double fresh) {
            int[][] at = new int[places][];
            Arrays.setAll(at, place -> new int[] {(int) Math.min(side - 1.0, Math.floor(place * old / fresh))});
            double[][] weights = new double[places][];
            Arrays.setAll(weights, place -> new double[] {1});
            return new Taps(side, at, weights);
        }
    },
    /**
     * The line between the two neighbours; of two axes that is bilinear. Elements are intervals, and both axes begin and end with the
     * same interval's end: PyTorch's {@code align_corners=False}.
     */
    LINEAR {
        @Override
        Taps taps(int side, int places, double old, double fresh) {
            return between(side, places, place -> Math.max(0, (place + 0.5) * old / fresh - 0.5));
        }
    },
    /** The same, but elements are points, and the outermost stay where they are: PyTorch's {@code align_corners=True}. */
    LINEAR_CORNERS {
        @Override
        Taps taps(int side, int places, double old, double fresh) {
            double distance = places == 1 ? 0 : (side - 1.0) / (places - 1);
            return between(side, places, place -> place * distance);
        }
    };

    /** What an axis is made of: {@code fresh} distances between neighbours of the new axis are {@code old} ones of the old axis. */
    abstract Taps taps(int side, int places, double old, double fresh);

    private static Taps between(int side, int places, IntToDoubleFunction position) {
        int[][] at = new int[places][];
        double[][] weights = new double[places][];
        for (int place = 0; place < places; place++) {
            double x = Math.min(side - 1.0, position.applyAsDouble(place));
            int left = (int) x;
            double right = x - left;
            // An element that has no part in it is left out, since 0 times infinity is not 0.
            at[place] = right == 0 ? new int[] {left} : new int[] {left, left + 1};
            weights[place] = right == 0 ? new double[] {1} : new double[] {1 - right, right};
        }
        return new Taps(side, at, weights);
    }
}
