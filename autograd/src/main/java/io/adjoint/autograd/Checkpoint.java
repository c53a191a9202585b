package io.adjoint.autograd;

import io.adjoint.core.Generator;
import io.adjoint.core.Lease;
import io.adjoint.core.NdArray;
import io.adjoint.core.parallel.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Gradient checkpointing: the backward pass runs a segment again, so that its intermediate values need not be kept. The arrays of both runs
 * are left to the garbage collector, even in a {@link Workspace}. A segment runs with recording on; the first run's graph is searched for
 * its links to nodes that are older than the segment, and then dropped. A single operation with links to these older nodes takes the
 * graph's place. The operation's backward rule runs the segment again and passes on the gradients that the second run's graph contributes
 * to the older nodes, each contribution separately, so that contributions are summed in the same order as without a checkpoint.
 */
final class Checkpoint {
    /** Wraps a segment at its first run, so that its second run takes place in the same context, such as within the same layers. */
    private static volatile UnaryOperator<Supplier<Tensor>> surroundings = segment -> segment;

    private Checkpoint() {}

    static void recomputeIn(UnaryOperator<Supplier<Tensor>> restored) {
        surroundings = restored;
    }

    static Tensor run(RandomGenerator random, Function<RandomGenerator, Tensor> segment) {
        long seed = random.nextLong();
        return run("checkpoint", () -> segment.apply(new Generator(seed)));
    }

    /** Runs a segment as one operation of the given name, whose backward rule runs the segment again. */
    static Tensor run(String op, Supplier<Tensor> segment) {
        long since = Clock.tick();
        Tensor first = Callbacks.result("checkpoint", "the function", Lease.outside(segment));
        Node root = first.node();
        if (root == null || root.created < since) {
            return first;
        }
        List<Node> frontier = Paths.frontier("checkpoint", List.of(root), node -> node.created > since);
        if (frontier.isEmpty()) {
            return first;
        }
        Collections.sort(frontier);
        NdArray value = first.data();
        int hash = value.hashCode();
        Node node = Node.of(op, value);
        Supplier<Tensor> again = surroundings.apply(segment);
        Rule rule = Rule.of(g -> Lease.outside(() -> differentiate(again, hash, frontier, g)));
        node.link(frontier.toArray(Node[]::new), rule, true);
        return new Tensor(value, node);
    }

    private static List<Tensor> differentiate(Supplier<Tensor> segment, int hash, List<Node> frontier, Tensor g) {
        long since = Clock.tick();
        Tensor again = Callbacks.result("checkpoint", "the function", Autograd.enableGrad(segment));
        if (again.data().hashCode() != hash) {
            throw new GraphException("checkpoint: the function returned another value of shape " + again.shape()
                    + " when it ran again; draw random numbers through checkpoint(f, input, random), and don't let the"
                    + " value depend on anything that changes");
        }
        return contributions("checkpoint", again, g, since, frontier, null);
    }

    /**
     * The gradients that a function's second run contributes to the frontier of its first run, one for each link, by a backward pass from
     * the second run's result.
     *
     * @param since a tick of the clock before the second run
     * @param except a node whose gradient is not asked for; null if there is none
     * @throws GraphException if the links of the second run are not the links of the first
     */
    static List<Tensor> contributions(
            String op, Tensor again, Tensor g, long since, List<Node> frontier, @Nullable Node except) {
        Map<Node, Deque<Tensor>> contributions = new HashMap<>();
        Passes.contributions(
                op,
                again,
                g,
                Autograd.isRecording() ? GraphMode.CREATE : GraphMode.FREE,
                node -> node.created > since,
                (node, gradient) -> {
                    if (node != except) {
                        contributions
                                .computeIfAbsent(node, n -> new ArrayDeque<>())
                                .add(node.summed(gradient));
                    }
                });
        List<Tensor> gradients = new ArrayList<>();
        for (Node node : frontier) {
            Tensor gradient =
                    contributions.getOrDefault(node, new ArrayDeque<>()).poll();
            if (gradient == null) {
                throw changed(op);
            }
            gradients.add(gradient);
        }
        if (contributions.values().stream().anyMatch(rest -> !rest.isEmpty())) {
            throw changed(op);
        }
        return gradients;
    }

    private static GraphException changed(String op) {
        return new GraphException(op + ": the function recorded other operations when it ran again; it must not"
                + " keep tensors from one run for the next");
    }
}
