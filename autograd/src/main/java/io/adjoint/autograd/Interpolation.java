package io.adjoint.autograd;

import io.adjoint.core.loops.Taps;
import java.util.Arrays;
import java.util.function.IntToDoubleFunction;

/** The methods by which {@link Tensor#interpolate} resamples an axis to another length. Several axes are done one after the other. */
public enum Interpolation {
    /** The element at {@code ⌊i · old / new⌋}. */
    NEAREST {
        @Override
        Taps taps(int size, int positions, double old, double fresh) {
            int[] at = new int[positions];
            Arrays.setAll(at, position -> (int) Math.min(size - 1.0, Math.floor(position * old / fresh)));
            return Taps.between(size, at, new double[positions]);
        }
    },
    /**
     * Linear interpolation between the two neighbours; for two axes it is bilinear. Each element stands for an interval, and the intervals
     * of the input and of the output cover the same range: PyTorch's {@code align_corners=False}.
     */
    LINEAR {
        @Override
        Taps taps(int size, int positions, double old, double fresh) {
            return between(size, positions, position -> Math.max(0, (position + 0.5) * old / fresh - 0.5));
        }
    },
    /**
     * Like {@link #LINEAR}, but each element stands for a point, and the first and last points of input and output coincide: PyTorch's
     * {@code align_corners=True}.
     */
    LINEAR_CORNERS {
        @Override
        Taps taps(int size, int positions, double old, double fresh) {
            double distance = positions == 1 ? 0 : (size - 1.0) / (positions - 1);
            return between(size, positions, position -> position * distance);
        }
    };

    /**
     * The input indices and weights of each output position. A distance of {@code fresh} between output positions corresponds to a distance
     * of {@code old} on the input axis.
     */
    abstract Taps taps(int size, int positions, double old, double fresh);

    private static Taps between(int size, int positions, IntToDoubleFunction position) {
        int[] at = new int[positions];
        double[] next = new double[positions];
        for (int index = 0; index < positions; index++) {
            double x = Math.min(size - 1.0, position.applyAsDouble(index));
            at[index] = (int) x;
            next[index] = x - at[index];
        }
        return Taps.between(size, at, next);
    }
}
