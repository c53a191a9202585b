package io.adjoint.core;

import java.util.Arrays;

/** {@link PatchLoops} in {@code double[]}. The float version is generated from this file. */
final class DoublePatchLoops implements PatchLoops<double[]> {
    @Override
    public void unfold(
            double[] x, int at, int channels, Sliding sliding, int from, int to, double[] columns, int target) {
        walk(false, x, at, channels, sliding, from, to, columns, target);
    }

    @Override
    public void fold(
            double[] x, int at, int channels, Sliding sliding, int from, int to, double[] columns, int target) {
        walk(true, x, at, channels, sliding, from, to, columns, target);
    }

    private static void walk(
            boolean folding,
            double[] x,
            int at,
            int channels,
            Sliding sliding,
            int from,
            int to,
            double[] columns,
            int target) {
        int[] kernel = sliding.kernel;
        int[] dilation = sliding.dilation;
        int plane = sliding.plane();
        int row = target;
        for (int channel = 0; channel < channels; channel++) {
            for (int i = 0; i < kernel[0]; i++) {
                for (int j = 0; j < kernel[1]; j++) {
                    for (int k = 0; k < kernel[2]; k++) {
                        row(
                                folding,
                                x,
                                at + channel * plane,
                                sliding,
                                i * dilation[0],
                                j * dilation[1],
                                k * dilation[2],
                                from,
                                to,
                                columns,
                                row);
                        row += to - from;
                    }
                }
            }
        }
    }

    /** The positions of one element of the window, in runs along the last axis. */
    private static void row(
            boolean folding,
            double[] x,
            int at,
            Sliding sliding,
            int i,
            int j,
            int k,
            int from,
            int to,
            double[] columns,
            int row) {
        int height = sliding.input[1];
        int width = sliding.input[2];
        int lines = sliding.output[1];
        int positions = sliding.output[2];
        int step = sliding.stride[2];
        int column = from % positions;
        int line = from / positions % lines;
        int z = from / positions / lines * sliding.stride[0] - sliding.padding[0] + i;
        int y = line * sliding.stride[1] - sliding.padding[1] + j;
        int left = k - sliding.padding[2];
        for (int p = from; p < to; ) {
            int n = Math.min(positions - column, to - p);
            boolean outside = z < 0 || z >= sliding.input[0] || y < 0 || y >= height;
            run(
                    folding,
                    x,
                    at + (z * height + y) * width,
                    left + column * step,
                    step,
                    outside ? 0 : width,
                    columns,
                    row,
                    n);
            p += n;
            row += n;
            column = 0;
            y += sliding.stride[1];
            if (++line == lines) {
                line = 0;
                y = j - sliding.padding[1];
                z += sliding.stride[0];
            }
        }
    }

    /** n positions along one line of the image, which has elements from 0 to {@code width}; the first is at {@code first}. */
    private static void run(
            boolean folding, double[] x, int line, int first, int step, int width, double[] columns, int to, int n) {
        int begin = 0;
        int end = n;
        if (first < 0 || first + (n - 1) * (long) step >= width) {
            begin = first >= 0 ? 0 : Math.min(n, (step - 1 - first) / step);
            end = first >= width ? begin : Math.max(begin, (int) Math.min(n, (width - 1L - first) / step + 1));
            if (!folding) {
                Arrays.fill(columns, to, to + begin, 0);
                Arrays.fill(columns, to + end, to + n, 0);
            }
        }
        int source = line + first;
        if (folding) {
            for (int e = begin; e < end; e++) {
                x[source + e * step] += columns[to + e];
            }
        } else if (step == 1 && begin < end) {
            System.arraycopy(x, source + begin, columns, to + begin, end - begin);
        } else {
            for (int e = begin; e < end; e++) {
                columns[to + e] = x[source + e * step];
            }
        }
    }
}
