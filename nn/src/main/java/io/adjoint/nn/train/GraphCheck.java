package io.adjoint.nn.train;

import io.adjoint.autograd.GraphException;
import io.adjoint.autograd.Internals;
import io.adjoint.autograd.Recording;
import io.adjoint.autograd.Tensor;
import io.adjoint.nn.Block;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Looks at the recorded graph of the loss: functions applied twice, shapes that were stretched, computations of earlier steps. */
final class GraphCheck extends Doctor.Check {
    /** Operations, and those whose output they must not get, as they contain them. */
    private static final Map<String, Set<String>> CONTAINED = Map.of(
            "logSigmoid", Set.of("sigmoid", "softmax"), // BCEWithLogits
            "crossEntropy", Set.of("softmax", "sigmoid"),
            "nll", Set.of("softmax", "sigmoid"),
            "softmax", Set.of("softmax"),
            "logSoftmax", Set.of("softmax"),
            "sigmoid", Set.of("sigmoid"));

    private static final Set<String> SAME_ELEMENTS =
            Set.of("reshape", "flatten", "squeeze", "unsqueeze", "transpose", "permute", "slice", "select", "neg");
    private static final Set<String> COMPARING = Set.of("sub", "mul", "div");

    /** The first passes are looked at, then one now and then. */
    private static final int FIRST = 3;

    private static final int EVERY = 50;
    /** The number of outputs of earlier steps with their graphs that is no accident any more. */
    private static final int KEPT = 20;

    private static final int COUNTED_EVERY = 100;

    private final Doctor doctor;
    private final List<WeakReference<Tensor>> outputs = new ArrayList<>();
    private WeakReference<@Nullable Tensor> latest = new WeakReference<>(null);
    private long lastStep = Long.MIN_VALUE;
    private long stepBefore = Long.MIN_VALUE;
    private long runs;

    GraphCheck(Doctor doctor) {
        this.doctor = doctor;
    }

    @Override
    void ran(Block block, String path, Object output) {
        if (path.isEmpty() && output instanceof Tensor y && y.requiresGrad()) {
            latest = new WeakReference<>(y);
            outputs.add(new WeakReference<>(y));
            if (++runs % COUNTED_EVERY == 0) {
                countKept();
            }
        }
    }

    @Override
    void stepped() {
        stepBefore = lastStep;
        lastStep = Doctor.now();
    }

    @Override
    void passBegins(Tensor root) {
        if (doctor.passes() > FIRST && doctor.passes() % EVERY != 0) {
            return;
        }
        Recording graph;
        try {
            graph = Recording.of("Doctor", root);
        } catch (GraphException released) {
            // The backward pass says so itself.
            return;
        }
        Tensor prediction = latest.get();
        Recording.Item output = prediction == null ? null : graph.find(prediction);
        for (Recording.Item item : graph.items()) {
            findAppliedTwice(item);
            findStretched(item, output);
            if (item.kind() == Recording.Kind.STEP && item.time() < stepBefore) {
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

    private void countKept() {
        // Only what is not garbage counts.
        System.gc();
        outputs.removeIf(output -> {
            Tensor y = output.get();
            return y == null || !Internals.keepsGraph(y);
        });
        if (outputs.size() >= KEPT) {
            doctor.report(
                    Mistake.GRAPH_KEPT,
                    "",
                    outputs.size()
                            + " outputs of the model are still there with the graphs that they were recorded with");
        }
    }
}
