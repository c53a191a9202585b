package io.adjoint.nn.train;

import io.adjoint.autograd.Hook;
import io.adjoint.autograd.Internals;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.Clock;
import io.adjoint.nn.Block;
import io.adjoint.nn.ForwardObserver;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Watches a training for the usual {@linkplain Mistake mistakes}. It is switched on for a run, whose loop stays as it is:
 *
 * <pre>{@code
 * try (Doctor doctor = Doctor.watch(model)) {
 *     … train and evaluate …
 *     System.out.println(doctor.report());
 * }
 * }</pre>
 *
 * <p>It watches the blocks of the model that the current thread runs, the backward passes that it starts with {@code backward()}, and
 * the parameters, of which it keeps a copy: a step is seen by their change, so any optimizer will do. Nothing of the training changes,
 * and its numbers stay the same bits; it takes longer, memory for a copy of the parameters, and a
 * garbage collection after every 100 forward passes, which tells what is kept. A mistake is reported once for each
 * parameter or block.
 *
 * <p>Thresholds are such that sound trainings do not reach them; {@code docs/training.md} lists them. Some habits look like mistakes and
 * are none, such as dropout that is left on in an evaluation in order to draw several answers: read the report with that in mind.
 */
public final class Doctor implements AutoCloseable {
    private final Consumer<Finding> listener;
    private final List<Finding> findings = new ArrayList<>();
    private final Set<String> reported = new HashSet<>();
    private final List<Hook> hooks = new ArrayList<>();
    private final List<Vital> vitals = new ArrayList<>();
    private final List<Check> checks;

    private long steps;
    private long passes;

    /** A kind of examination. */
    abstract static class Check {
        /** A block of the model has run; the path is empty for one that no other block called. */
        void ran(Block block, String path, Object output) {}

        /** A backward pass begins. */
        void passBegins(Tensor root) {}

        /** The parameters have changed since the last backward pass began, and a new one begins. */
        void stepped() {}

        /** Somebody asks what is wrong with the training so far. */
        void asked() {}
    }

    private Doctor(Block model, Consumer<Finding> listener) {
        this.listener = listener;
        model.namedParameters().forEach((path, leaf) -> {
            if (leaf.requiresGrad() && vitals.stream().noneMatch(vital -> vital.leaf() == leaf)) {
                vitals.add(new Vital(path, leaf));
            }
        });
        Map<Block, String> paths = paths(model);
        checks = List.of(
                new GradientCheck(this, vitals),
                new UpdateCheck(this, vitals),
                new ActivationCheck(this, paths),
                new ModeCheck(this),
                new GraphCheck(this));
        vitals.forEach(vital -> hooks.add(vital.leaf().afterAccumulation(vital::accumulated)));
        hooks.add(Internals.beforeBackward(this::passBegins));
        hooks.add(
                new ForwardObserver() {
                    @Override
                    public void ends(Block block, String path, Object output) {
                        if (paths.containsKey(block)) {
                            checks.forEach(check -> check.ran(block, path, output));
                        }
                    }
                }.observe());
    }

    /** Watches the trainings of a model by this thread until it is closed. */
    public static Doctor watch(Block model) {
        return watch(model, finding -> {});
    }

    /**
     * Watches the trainings of a model by this thread until it is closed.
     *
     * @param listener is called with each finding as soon as it is there
     */
    public static Doctor watch(Block model, Consumer<Finding> listener) {
        return new Doctor(model, listener);
    }

    /** The paths of a block and of all blocks in it, the first of several. */
    private static Map<Block, String> paths(Block model) {
        Map<Block, String> paths = new LinkedHashMap<>();
        collect(model, "", paths);
        return paths;
    }

    private static void collect(Block block, String path, Map<Block, String> into) {
        into.putIfAbsent(block, path);
        block.children().forEach((name, child) -> collect(child, path.isEmpty() ? name : path + "." + name, into));
    }

    private void passBegins(Tensor root) {
        boolean changed = false;
        for (Vital vital : vitals) {
            changed |= vital.measureUpdate();
        }
        if (changed) {
            steps++;
            checks.forEach(Check::stepped);
        }
        passes++;
        checks.forEach(check -> check.passBegins(root));
    }

    /** The number of steps made so far. */
    long steps() {
        return steps;
    }

    /** The number of backward passes begun so far, the one under way included. */
    long passes() {
        return passes;
    }

    /** Takes down a mistake, once for each path. */
    void report(Mistake mistake, String path, String evidence) {
        if (reported.add(mistake + " " + path)) {
            Finding finding = new Finding(mistake, path, steps, evidence);
            findings.add(finding);
            listener.accept(finding);
        }
    }

    /** The mistakes found so far, in the order in which they were found. */
    public List<Finding> findings() {
        checks.forEach(Check::asked);
        return List.copyOf(findings);
    }

    /** The mistakes found so far, one a line; a sentence that says so if there are none. */
    public String report() {
        return findings().isEmpty()
                ? "No mistake found in " + steps + " steps."
                : findings.stream().map(Finding::toString).collect(Collectors.joining("\n"));
    }

    /** Ends the watch. */
    @Override
    public void close() {
        if (!hooks.isEmpty()) {
            if (vitals.stream().map(Vital::measureUpdate).reduce(false, Boolean::logicalOr)) {
                steps++;
                checks.forEach(Check::stepped);
            }
            checks.forEach(Check::asked);
            hooks.forEach(Hook::remove);
            hooks.clear();
        }
    }

    /** A moment between those of all that is computed before and after. */
    static long now() {
        return Clock.tick();
    }
}
