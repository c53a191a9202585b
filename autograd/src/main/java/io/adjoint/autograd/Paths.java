package io.adjoint.autograd;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** Searches in the recorded graph, which follow the links from results to inputs. */
final class Paths {
    private Paths() {}

    /**
     * The nodes at which a search from the roots to the inputs leaves the nodes that are {@code inside}: each outside input of an inside
     * node, once for each link.
     */
    static List<Node> frontier(String op, Collection<Node> roots, Predicate<Node> inside) {
        List<Node> frontier = new ArrayList<>();
        for (Node node : reachable(op, new HashSet<>(roots), inside)) {
            if (inside.test(node)) {
                node.forEachInput(op, input -> {
                    if (!inside.test(input)) {
                        frontier.add(input);
                    }
                });
            }
        }
        return frontier;
    }

    /**
     * The roots and all nodes from which they were computed; the search does not continue from nodes that are not {@code inside}.
     *
     * @param seen the roots; afterwards all of these nodes
     */
    @CanIgnoreReturnValue
    static List<Node> reachable(String op, Set<Node> seen, Predicate<Node> inside) {
        List<Node> reached = new ArrayList<>();
        Deque<Node> open = new ArrayDeque<>(seen);
        while (!open.isEmpty()) {
            Node node = open.pop();
            reached.add(node);
            if (inside.test(node)) {
                node.forEachInput(op, input -> {
                    if (seen.add(input)) {
                        open.push(input);
                    }
                });
            }
        }
        return reached;
    }

    /** All nodes that lie on some path from a root to a target, both ends included. */
    static Set<Node> onPathTo(String op, Set<Node> targets, Set<Node> roots) {
        // No path to a target leads through a node that is older than all targets; such a node may belong to a graph
        // that was released long ago.
        long oldest = targets.stream().mapToLong(target -> target.created).min().orElse(Long.MAX_VALUE);
        Set<Node> onPath = new HashSet<>(roots);
        List<Node> reached = reachable(op, onPath, node -> node.created > oldest);
        Collections.sort(reached);
        for (Node node : reached) {
            boolean leads = targets.contains(node);
            if (node.created > oldest) {
                for (Node input : node.inputs(op)) {
                    leads |= input != null && onPath.contains(input);
                }
            }
            if (!leads) {
                onPath.remove(node);
            }
        }
        return onPath;
    }
}
