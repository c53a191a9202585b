package io.adjoint.nn.parallel;

import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import org.jspecify.annotations.Nullable;

/**
 * A sum over shards that are distributed over several workers, in the order of a fixed binary tree over the shards' numbers, so that its
 * bits don't depend on the number of workers: worker r of W adds the shards from ⌊rV/W⌋ to before ⌊(r+1)V/W⌋, in their order, and {@link
 * #total} exchanges the sums of subtrees.
 *
 * <pre>{@code
 * ShardSum sum = new ShardSum(workers, 8);
 * for (int s = sum.first(); s < sum.end(); s++) {
 *     sum.add(gradient(s));
 * }
 * NdArray all = sum.total();
 * }</pre>
 */
public final class ShardSum {
    private final Collective workers;
    private final ShardTree tree;
    private final TreeSum own;
    private int added;
    /** The shape of the shards; null before the first one. */
    private @Nullable Shape shape;

    /**
     * A sum without its shards.
     *
     * @param shards the number of shards of all workers, at least one for each
     * @throws IllegalArgumentException if there are fewer
     */
    public ShardSum(Collective workers, int shards) {
        this.workers = workers;
        tree = new ShardTree(shards, workers.size());
        own = new TreeSum(tree, first());
    }

    /**
     * The worker that has a shard.
     *
     * @param shard the number of a shard
     * @param shards the number of shards of all workers
     * @param workers the number of workers
     * @throws IllegalArgumentException if there are fewer shards than workers
     * @throws IndexOutOfBoundsException if there is no such shard
     */
    public static int worker(int shard, int shards, int workers) {
        return new ShardTree(shards, workers).worker(shard);
    }

    /** The number of this worker's first shard. */
    public int first() {
        return tree.first(workers.rank());
    }

    /** The number after the number of this worker's last shard. */
    public int end() {
        return tree.end(workers.rank());
    }

    /**
     * Adds this worker's next shard. The array must not be changed before the {@link #total}.
     *
     * @param shard numbers of one dtype and shape in all shards of all workers
     * @throws IllegalStateException if this worker has no further shard
     * @throws ShapeException if its shape is not the shape of the shards before
     * @throws ArithmeticException if a sum is out of the range of INT32
     */
    public void add(NdArray shard) {
        if (added == end() - first()) {
            throw new IllegalStateException("ShardSum: rank " + workers.rank() + " has the shards " + first() + " to "
                    + (end() - 1) + ", which were all added");
        }
        if (shape != null && !shape.equals(shard.shape())) {
            throw new ShapeException("ShardSum: the shards before have the shape " + shape + ", got " + shard.shape());
        }
        shape = shard.shape();
        own.add(shard);
        added++;
    }

    /**
     * The sum of all workers' shards, at each worker.
     *
     * @throws IllegalStateException if this worker has not added all of its shards
     * @throws io.adjoint.core.DTypeException if the shards are BOOL
     * @throws CollectiveException if dtypes, shapes or operations of workers differ, or a worker fails
     */
    public NdArray total() {
        if (added < end() - first()) {
            throw new IllegalStateException("ShardSum: rank " + workers.rank() + " has the shards " + first() + " to "
                    + (end() - 1) + ", but only " + added + " were added");
        }
        return workers.sum(tree, own.sums());
    }
}
