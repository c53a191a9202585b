package io.adjoint.nn.parallel;

import io.adjoint.core.InPlace;
import io.adjoint.core.NdArray;
import io.adjoint.nn.parallel.ShardTree.Subtree;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * A sum of consecutive shards in the order of a {@link ShardTree}, to which they are added one after the other. Two sums are added as
 * soon as they are the parts of a subtree, so no more are kept than the tree has levels, as by a binary counter.
 */
final class TreeSum {
    /** The sum of a subtree; in place if this sum made its array. */
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
    /** The last one first. */
    private final Deque<Partial> partials = new ArrayDeque<>();

    private int next;

    /** A sum that begins with a shard. */
    TreeSum(ShardTree tree, int first) {
        this.tree = tree;
        next = first;
    }

    /**
     * Adds the next shard. The array must not be changed until the sum is complete; all have one dtype and shape.
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
        // The parts of a subtree are subtrees, and no subtree overlaps with one that it doesn't contain: two that meet
        // and make a
        // subtree are its parts.
        while (!partials.isEmpty() && tree.isSubtree(partials.element().tree.first(), subtree.end())) {
            last = partials.remove().plus(last);
        }
        partials.push(last);
        next = subtree.end();
    }

    /** The sums of the largest subtrees so far, by number; of all shards there is one. They are arrays that were added, or their own. */
    List<NdArray> sums() {
        List<NdArray> sums = new ArrayList<>();
        partials.descendingIterator().forEachRemaining(partial -> sums.add(partial.sum));
        return sums;
    }
}
