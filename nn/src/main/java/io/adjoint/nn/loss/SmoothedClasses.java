package io.adjoint.nn.loss;

import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;

/**
 * Targets of a cross entropy with label smoothing, without an array that holds a number for each position and class: at position k the
 * target of class c is {@code q[k, c] = hit[k]·[c = index[k]] + used[k]·spread[c]}, where the second pair of brackets is 1 if c is the
 * class at position k, else 0.
 */
final class SmoothedClasses {
    final int[] index;
    final double[] hit;
    final double[] used;
    final double[] spread;
    private final double spreadSum;
    /**
     * The largest score at each position ({@code shift}), and the sum of the exponentials of the scores less the largest score ({@code
     * sum}). The loss stores both for its gradient.
     */
    final double[] shift;

    final double[] sum;

    /**
     * Keeps references to the arrays.
     *
     * @param index the class at each position; positions are the row-major indices over all axes except the axis of the classes
     * @param hit the target of the class {@code index[k]} at each position k; 0 at ignored positions
     * @param used 1, but 0 at ignored positions
     * @param spread the smoothing's target of each class, the same at all positions; empty without smoothing
     */
    SmoothedClasses(int[] index, double[] hit, double[] used, double[] spread) {
        this.index = index;
        this.hit = hit;
        this.used = used;
        this.spread = spread;
        this.spreadSum = NdArray.of(Shape.of(spread.length), spread).sum(0).item();
        this.shift = new double[index.length];
        this.sum = new double[index.length];
    }

    /** The sum of {@code spread} over all classes. */
    double spreadSum() {
        return spreadSum;
    }

    /** The sum of the targets {@code q[position, c]} over all classes c. */
    double total(int position) {
        return hit[position] + used[position] * spreadSum;
    }
}
