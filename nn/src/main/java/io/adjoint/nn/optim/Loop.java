package io.adjoint.nn.optim;

import io.adjoint.core.UpdateKernel;
import java.util.Arrays;

/**
 * An {@link UpdateKernel} in which one index is the place in all operands. Only with a single index does the JIT know that an
 * element written cannot be one that another iteration reads, and make vector instructions of the loop: four times as fast.
 */
@FunctionalInterface
interface Loop {
    /** Updates the elements {@code [from, to)} of every operand, as {@link UpdateKernel#apply} says. */
    void run(double[][] operands, int from, int to);

    /** The kernel that runs a loop. */
    static UpdateKernel kernel(Loop loop) {
        return (operands, offsets, n) -> {
            int from = offsets[0];
            for (int offset : offsets) {
                if (offset != from) {
                    runAligned(loop, operands, offsets, n);
                    return;
                }
            }
            loop.run(operands, from, from + n);
        };
    }

    /** For the rare operand that is part of a larger array: copies bring all to the same place. */
    private static void runAligned(Loop loop, double[][] operands, int[] offsets, int n) {
        double[][] copies = new double[operands.length][];
        for (int o = 0; o < copies.length; o++) {
            copies[o] = Arrays.copyOfRange(operands[o], offsets[o], offsets[o] + n);
        }
        loop.run(copies, 0, n);
        for (int o = 0; o < copies.length; o++) {
            // All but the gradient, which is somebody else's.
            if (o != 1) {
                System.arraycopy(copies[o], 0, operands[o], offsets[o], n);
            }
        }
    }
}
