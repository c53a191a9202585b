package io.adjoint.nn;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The way from a block to one in it. Blocks are walked by a list of what is still to come, and a path's text is made only when it is asked
 * for, so that neither stack nor time depends on how deeply they are nested.
 *
 * @param parent the way to the block that this one is a child of; null for the block where the way begins
 * @param name the name in it
 */
record BlockPath(@Nullable BlockPath parent, String name, Block block) {
    /** The ways to a block and to all in it, each before those that it is made of, a shared one once for each way. */
    static Iterable<BlockPath> from(Block root) {
        return () -> new Iterator<>() {
            private final Deque<BlockPath> open = new ArrayDeque<>(List.of(new BlockPath(null, "", root)));
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
                last = next;
                return next;
            }

            /** Adds the children of the last one, after its visit: that may have registered some. */
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
            }
        };
    }

    /** The names on the way, joined by dots: {@code encoder.0}. */
    String text() {
        Deque<String> names = new ArrayDeque<>();
        for (BlockPath at = this; at.parent != null; at = at.parent) {
            names.push(at.name);
        }
        return String.join(".", names);
    }

    /** The text before the name of a part of the block: {@code ""} or {@code encoder.0.}. */
    String prefix() {
        return parent == null ? "" : text() + ".";
    }
}
