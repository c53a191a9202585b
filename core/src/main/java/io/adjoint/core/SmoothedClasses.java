package io.adjoint.core;

/**
 * Targets of a cross entropy, without an array of N × C: position k wants {@code q[k, c] = hit[k]·[c = index[k]] + used[k]·spread[c]}
 * of class c.
 *
 * @hidden
 */
@Internal
public final class SmoothedClasses {
    final int[] index;
    final double[] hit;
    final double[] used;
    final double[] spread;
    final double spreadSum;
    /** The largest score of each position, and the sum of the exponentials of the differences: the loss leaves them to its gradient. */
    final double[] shift;

    final double[] sum;

    /**
     * Keeps the arrays.
     *
     * @param index the class of each position of the dimensions other than the classes', in row-major order
     * @param hit the factor of that class; 0 where the position is ignored
     * @param used 1, or 0 where the position is ignored
     * @param spread what every position that is used wants of each class; empty if nothing
     */
    public SmoothedClasses(int[] index, double[] hit, double[] used, double[] spread) {
        this.index = index;
        this.hit = hit;
        this.used = used;
        this.spread = spread;
        this.spreadSum =
                NdArray.of(Shape.of(spread.length), spread).sum(false, 0).item();
        this.shift = new double[index.length];
        this.sum = new double[index.length];
    }

    /** The sum of what every position that is used wants of the classes. */
    public double spreadSum() {
        return spreadSum;
    }

    /** The sum of q over all classes. */
    double total(int position) {
        return hit[position] + used[position] * spreadSum;
    }
}
