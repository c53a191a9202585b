package io.adjoint.nn;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The path from a block to a block within it. The iteration over paths keeps its own stack, and the text of a path is made only on request,
 * so that deep nesting costs neither call stack nor quadratic time.
 *
 * @param parent the path of the parent block; null for the root
 * @param name the block's name in its parent
 */
record BlockPath(@Nullable BlockPath parent, String name, Block block) {
    /**
     * The paths of a block and of all blocks within it, parents before children; a shared block occurs once for each of its paths, of which
     * there may be exponentially many.
     */
    static Iterable<BlockPath> from(Block root) {
        return paths(root, false);
    }

    /** The first path to each of these blocks, in the same order. */
    static Iterable<BlockPath> firstFrom(Block root) {
        return paths(root, true);
    }

    private static Iterable<BlockPath> paths(Block root, boolean onlyFirst) {
        return () -> new Iterator<>() {
            private final Deque<BlockPath> open = new ArrayDeque<>(List.of(new BlockPath(null, "", root)));
            private final Set<Block> seen = Collections.newSetFromMap(new IdentityHashMap<>());
            private @Nullable BlockPath last;

            @Override
            public boolean hasNext() {
                expand();
                return !open.isEmpty();
            }

            @Override
            public BlockPath next() {
                expand();
                BlockPath next = open.pop();
                if (onlyFirst) {
                    seen.add(next.block());
                }
                last = next;
                return next;
            }

            /**
             * Adds the children of the last block returned. The iterator calls this method after the caller has visited the block, since
             * the visit may register children.
             */
            private void expand() {
                BlockPath of = last;
                last = null;
                if (of != null) {
                    List<Map.Entry<String, Block>> children =
                            new ArrayList<>(of.block().children().entrySet());
                    for (int k = children.size() - 1; k >= 0; k--) {
                        open.push(new BlockPath(
                                of, children.get(k).getKey(), children.get(k).getValue()));
                    }
                }
                while (onlyFirst && !open.isEmpty() && seen.contains(open.peek().block())) {
                    open.pop();
                }
            }
        };
    }

    /** The names along the path, joined by dots: {@code encoder.0}. */
    String text() {
        Deque<String> names = new ArrayDeque<>();
        for (BlockPath at = this; at.parent != null; at = at.parent) {
            names.push(at.name);
        }
        return String.join(".", names);
    }

    /** The prefix for the names of the block's own parameters and buffers: {@code ""} or {@code encoder.0.}. */
    String prefix() {
        return parent == null ? "" : text() + ".";
    }
}
