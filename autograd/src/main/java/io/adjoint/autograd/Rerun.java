package io.adjoint.autograd;

import io.adjoint.core.Lease;
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
import org.jspecify.annotations.Nullable;

/**
 * A user's function that a backward rule runs again. The graph of the function's first run is searched for its links to nodes that are
 * older than the run, and then dropped; a single operation with these links takes its place. The operation's backward rule passes on the
 * gradients that the second run's graph contributes to the older nodes, each contribution separately, so that contributions are summed in
 * the same order as if the first run's graph had been kept.
 *
 * @param hash the hash of the first run's value
 * @param frontier the older nodes, once for each link
 * @param advice ends the message about another value in the second run
 */
record Rerun(String op, int hash, List<Node> frontier, String advice) {
    /** The function of a first run that began at a tick of the clock; null if that run computed nothing from older nodes. */
    static @Nullable Rerun of(String op, Tensor first, long since, String advice) {
        Node root = first.node();
        if (root == null || root.created < since) {
            return null;
        }
        List<Node> frontier = Paths.frontier(op, List.of(root), node -> node.created > since);
        Collections.sort(frontier);
        return frontier.isEmpty() ? null : new Rerun(op, first.data().hashCode(), frontier, advice);
    }

    /**
     * Gives the operation the links of the first run.
     *
     * @param rule takes the upstream gradient, and returns the result of {@link #gradients}
     */
    void link(Node operation, Function<Tensor, List<@Nullable Tensor>> rule, boolean isOurs) {
        Rule rerun = Rule.of(g -> Lease.outside(() -> rule.apply(g)));
        operation.link(frontier.toArray(Node[]::new), rerun, isOurs);
    }

    /**
     * Runs the function again. Returns the gradients of the links by a backward pass from the result.
     *
     * @param except a node whose gradient is left out; null if there is none
     * @throws GraphException if the second run's value or links differ from the first run's
     */
    List<@Nullable Tensor> gradients(Supplier<Tensor> function, Tensor g, @Nullable Node except) {
        long since = Clock.tick();
        Tensor again = Autograd.enableGrad(function);
        if (again.data().hashCode() != hash) {
            throw new GraphException(op + ": the function returned another value of shape " + again.shape()
                    + " when it ran again; call backward before changing parameters, and don't let the value depend on"
                    + " anything that changes" + advice);
        }
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
        List<@Nullable Tensor> gradients = new ArrayList<>();
        for (Node node : frontier) {
            gradients.add(contributions.getOrDefault(node, new ArrayDeque<>()).poll());
        }
        if (gradients.contains(null) || contributions.values().stream().anyMatch(rest -> !rest.isEmpty())) {
            throw new GraphException(op + ": the function recorded other operations when it ran again; it must not"
                    + " keep tensors from one run for the next");
        }
        return gradients;
    }
}
