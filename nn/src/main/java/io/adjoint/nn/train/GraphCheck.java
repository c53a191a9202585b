package io.adjoint.nn.train;

import io.adjoint.autograd.GraphException;
import io.adjoint.autograd.Internals;
import io.adjoint.autograd.Recording;
import io.adjoint.autograd.Tensor;
import io.adjoint.nn.Block;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Looks in the recorded graph of the loss for functions applied twice, targets that were broadcast, and operations of earlier steps. */
final class GraphCheck extends Doctor.Check {
    /**
     * Maps an operation to the operations that must not compute its input, since the operation applies these or similar operations itself:
     * CrossEntropy, for example, applies softmax.
     */
    private static final Map<String, Set<String>> CONTAINED = Map.of(
            "logSigmoid", Set.of("sigmoid", "softmax"), // BCEWithLogits
            "CrossEntropy", Set.of("softmax", "sigmoid"),
            "NLL", Set.of("softmax", "sigmoid"),
            "softmax", Set.of("softmax"),
            "logSoftmax", Set.of("softmax"),
            "sigmoid", Set.of("sigmoid"));

    private static final Set<String> SAME_ELEMENTS =
            Set.of("reshape", "flatten", "squeeze", "unsqueeze", "transpose", "permute", "slice", "select", "neg");
    private static final Set<String> COMPARING = Set.of("sub", "mul", "div");

    /** The number of backward passes that are inspected, consecutive ones at the beginning of each series of {@link #EVERY} passes. */
    private static final int LOOKED_AT = 3;

    private static final int EVERY = 50;
    /** The age, in optimizer steps, from which on an operation in the graph of a loss counts as outdated. */
    private static final int STEPS = 2;
    /** {@link Mistake#GRAPH_KEPT} is reported if at least this number of outputs still hold their graphs in later steps. */
    private static final int KEPT = 20;

    private static final int COUNTED_EVERY = 100;

    private final List<Output> outputs = new ArrayList<>();
    private WeakReference<@Nullable Tensor> latest = new WeakReference<>(null);
    /** Maps the creation time of each inspected operation to the number of optimizer steps made before its first inspection. */
    private Map<Long, Long> seen = new HashMap<>();

    private Map<Long, Long> seenBefore = Map.of();
    private long runs;

    /** An output of the model, and the number of optimizer steps made before it was computed. */
    private record Output(WeakReference<Tensor> tensor, long steps) {
        boolean isKept() {
            Tensor y = tensor.get();
            return y != null && Internals.keepsGraph(y);
        }
    }

    GraphCheck(Doctor doctor) {
        super(doctor);
    }

    @Override
    void ran(Block block, String path, Object output) {
        if (path.isEmpty() && output instanceof Tensor y && y.requiresGrad()) {
            latest = new WeakReference<>(y);
            outputs.add(new Output(new WeakReference<>(y), doctor.steps));
            if (++runs % COUNTED_EVERY == 0) {
                // Outputs of the last steps aren't counted, since they may still wait for their backward pass, as in a
                // long episode of reinforcement learning.
                countKept(doctor.steps - STEPS, doctor::report);
            }
        }
    }

    @Override
    void asked(Doctor.Findings into) {
        if (runs >= COUNTED_EVERY && (doctor.isClosed || doctor.passes == 0)) {
            countKept(doctor.steps, into);
        }
    }

    @Override
    void passBegins(Tensor root) {
        if (doctor.passes % EVERY >= LOOKED_AT) {
            return;
        }
        Recording graph;
        try {
            graph = Recording.of("Doctor", root);
        } catch (GraphException released) {
            // Nothing is reported here, since the backward pass throws an error for a released graph.
            return;
        }
        Tensor prediction = latest.get();
        Recording.Item output = prediction == null ? null : graph.find(prediction);
        boolean reachesParameters = doctor.leaves.stream().anyMatch(watched -> graph.find(watched.leaf) != null);
        if (output == null && !reachesParameters) {
            // The backward pass is of another model, so it isn't checked.
            return;
        }
        if (!reachesParameters) {
            doctor.reached();
        }
        for (Recording.Item item : graph.items()) {
            findAppliedTwice(item);
            findStretched(item, output);
        }
        findKept(graph);
    }

    private void findKept(Recording graph) {
        if (doctor.passes % EVERY == 0) {
            seenBefore = seen;
            seen = new HashMap<>();
        }
        Map<Recording.Item, Long> outdated = new HashMap<>();
        for (WatchedLeaf watched : doctor.leaves) {
            Recording.Item leaf = graph.find(watched.leaf);
            if (leaf != null) {
                outdated.put(leaf, watched.updateBefore);
            }
        }
        List<Recording.Item> operations = graph.items().stream()
                .filter(item -> item.kind() == Recording.Kind.OPERATION)
                .sorted(Comparator.comparingLong(Recording.Item::time))
                .toList();
        for (Recording.Item item : operations) {
            long moment = item.inputs().stream()
                    .mapToLong(input -> outdated.getOrDefault(input, Long.MIN_VALUE))
                    .max()
                    .orElse(Long.MIN_VALUE);
            outdated.put(item, moment);
            long first = seenBefore.getOrDefault(
                    item.time(), Objects.requireNonNullElse(seen.putIfAbsent(item.time(), doctor.steps), doctor.steps));
            if (item.time() < moment || doctor.steps - first >= STEPS) {
                doctor.report(
                        Mistake.GRAPH_KEPT,
                        "",
                        "the loss depends on '" + item.op() + "' " + item.shape()
                                + ", which was computed two steps ago");
            }
        }
    }

    private void findAppliedTwice(Recording.Item item) {
        Set<String> contained = CONTAINED.get(item.op());
        if (contained == null || item.inputs().isEmpty()) {
            return;
        }
        Recording.Item input = item.inputs().get(0);
        while (SAME_ELEMENTS.contains(input.op()) && !input.inputs().isEmpty()) {
            input = input.inputs().get(0);
        }
        if (contained.contains(input.op())) {
            doctor.report(
                    Mistake.APPLIED_TWICE, item.layer(), "'" + item.op() + "' gets the output of '" + input.op() + "'");
        }
    }

    private void findStretched(Recording.Item item, Recording.@Nullable Item output) {
        if (output != null
                && COMPARING.contains(item.op())
                && item.inputs().contains(output)
                && item.shape().size() > output.shape().size()) {
            doctor.report(
                    Mistake.BROADCAST_TARGET,
                    "",
                    "'" + item.op() + "' makes " + item.shape() + " of the model's output " + output.shape());
        }
    }

    /**
     * Adds {@link Mistake#GRAPH_KEPT} if many outputs that were computed after at most {@code steps} optimizer steps still hold their
     * graphs.
     */
    private void countKept(long steps, Doctor.Findings into) {
        if (outputs.stream().filter(output -> output.steps() <= steps).count() < KEPT) {
            return;
        }
        // Outputs that the program can't reach any more don't count; running the garbage collector clears the weak
        // references to them.
        System.gc();
        outputs.removeIf(output -> !output.isKept());
        long kept = outputs.stream().filter(output -> output.steps() <= steps).count();
        if (kept >= KEPT) {
            into.add(
                    Mistake.GRAPH_KEPT,
                    "",
                    kept + " outputs of the model are still there with the graphs that they were recorded with");
        }
    }
}
