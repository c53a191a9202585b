package io.adjoint.nn.parallel;

import io.adjoint.core.InPlace;
import io.adjoint.core.NdArray;
import io.adjoint.nn.parallel.ShardTree.Subtree;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Sums the arrays of consecutive shards, which are passed one after the other, in the order of a {@link ShardTree}. Two partial sums are
 * added as soon as they are the children of a subtree, so at most one partial sum is kept for each level of the tree, as in a binary
 * counter.
 */
final class TreeSum {
    /** The sum of a subtree; {@code isOwn} is true if this class made the array, so that it may add to the array in place. */
    private record Partial(Subtree tree, NdArray sum, boolean isOwn) {
        Partial plus(Partial next) {
            Subtree both = new Subtree(tree.first(), next.tree.end());
            if (isOwn && sum.dtype().isFloating()) {
                InPlace.accumulate(sum, next.sum);
                return new Partial(both, sum, true);
            }
            return new Partial(both, sum.add(next.sum), true);
        }
    }

    private final ShardTree tree;
    /** The partial sums; the sum of the last shards comes first. */
    private final Deque<Partial> partials = new ArrayDeque<>();

    private int next;

    /** A sum whose first shard has the number {@code first}. */
    TreeSum(ShardTree tree, int first) {
        this.tree = tree;
        next = first;
    }

    /**
     * Adds the next shard. The array must not be changed until the sum is complete; all arrays have one dtype and shape.
     *
     * @throws ArithmeticException if a sum is out of the range of INT32
     */
    void add(NdArray shard) {
        add(new Subtree(next, next + 1), shard);
    }

    /** Adds the sum of a subtree that begins with the next shard. */
    void add(Subtree subtree, NdArray sum) {
        if (subtree.first() != next) {
            throw new IllegalArgumentException("TreeSum: the next shard is " + next + ", got " + subtree.first());
        }
        Partial last = new Partial(subtree, sum, false);
        // Two subtrees are either disjoint or one contains the other. So if the shards of two adjacent subtrees
        // together are the shards of a subtree, the two are the children of that subtree.
        while (!partials.isEmpty() && tree.isSubtree(partials.element().tree.first(), subtree.end())) {
            last = partials.remove().plus(last);
        }
        partials.push(last);
        next = subtree.end();
    }

    /**
     * The sums of the largest subtrees whose shards are all added, in the order of the shards; a single sum once all shards of the tree are
     * added. A sum may be an array that was passed to {@code add}.
     */
    List<NdArray> sums() {
        List<NdArray> sums = new ArrayList<>();
        partials.descendingIterator().forEachRemaining(partial -> sums.add(partial.sum));
        return sums;
    }
}
