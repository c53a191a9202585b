package io.adjoint.nn.train;

import io.adjoint.autograd.Hook;
import io.adjoint.autograd.Internals;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.parallel.Clock;
import io.adjoint.nn.Block;
import io.adjoint.nn.ForwardObserver;
import io.adjoint.nn.Registration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Watches a training for the usual {@linkplain Mistake mistakes}. You switch it on around a loop, which stays unchanged:
 *
 * <pre>{@code
 * try (Doctor doctor = Doctor.watch(model)) {
 *     … train and evaluate …
 *     System.out.println(doctor.report());
 * }
 * }</pre>
 *
 * <p>It watches the blocks of the model that the current thread runs, the backward passes that it starts with {@code backward()} and that
 * reach the model, and the parameters. It keeps a copy of the parameters and sees a step by their change, so it works with any optimizer.
 * You may train other models in between. The training computes the same bits, but takes longer, needs memory for the copy, and has some
 * more garbage collections, by which the doctor finds graphs that are still in memory. A mistake is reported once for each parameter or
 * block. Blocks and parameters that a forward pass registers are watched from the next backward pass on.
 *
 * <p>With several workers ({@link Trainer#parallel}, {@link DataParallel}) it sees the backward passes of this worker's shards, and not
 * whether your own loop clears the gradients.
 *
 * <p>Trainings without these mistakes do not reach the thresholds, which {@code docs/training.md} lists. A finding may be your intention,
 * such as dropout that stays on in an evaluation to draw several predictions.
 */
public final class Doctor implements AutoCloseable {
    final Block model;
    private final Consumer<Finding> listener;
    private final List<Finding> findings = new ArrayList<>();
    private final Set<String> reported = new HashSet<>();
    final List<Hook> hooks = new ArrayList<>();
    /** The first path of each block of the model. */
    final Map<Block, String> paths = new LinkedHashMap<>();

    final List<WatchedLeaf> leaves = new ArrayList<>();
    private final Set<Tensor> known = new HashSet<>();
    private final List<Check> checks;

    /** The number of steps made so far. */
    long steps;
    /** The number of backward passes that reached the model so far. */
    long passes;
    /** True once this doctor was closed. */
    boolean isClosed;

    private long lastLook = now();
    private boolean isReached;

    /** Collects mistakes. */
    @FunctionalInterface
    interface Findings {
        void add(Mistake mistake, String path, String evidence);
    }

    /** A check for some kinds of mistakes, which is informed of events of the training. */
    abstract static class Check {
        final Doctor doctor;

        Check(Doctor doctor) {
            this.doctor = doctor;
        }

        /** Called after a block of the model has run; the path is empty for an outermost block. */
        void ran(Block block, String path, Object output) {}

        /** Called when a backward pass of any model begins. */
        void passBegins(Tensor root) {}

        /** Called when the current backward pass has reached a parameter. */
        void passReached(Tensor leaf) {}

        /**
         * Called when a backward pass begins, if parameters were updated since the beginning of the previous backward pass of any model.
         */
        void stepped() {}

        /** Called when findings are asked for. Adds mistakes that later events may still disprove; changes no state. */
        void asked(Findings into) {}
    }

    private Doctor(Block model, Consumer<Finding> listener) {
        this.model = model;
        this.listener = listener;
        Registration registration = new Registration(model);
        checks = List.of(
                new GradientCheck(this),
                new UpdateCheck(this),
                new ActivationCheck(this),
                new LeafCheck(this),
                new ModeCheck(this),
                new GraphCheck(this));
        watchNew();
        hooks.add(Internals.beforeBackward(this::passBegins));
        hooks.add(
                new ForwardObserver() {
                    @Override
                    public void ends(Block block, String path, Object output) {
                        if (paths.containsKey(block)) {
                            checks.forEach(check -> check.ran(block, path, output));
                            return;
                        }
                        String problem = registration.problem(block);
                        if (problem != null) {
                            report(Mistake.NOT_REGISTERED, path, problem);
                        }
                    }
                }.observe());
    }

    /** Adds the blocks and parameters that the model has registered since the last call. */
    private void watchNew() {
        model.namedBlocks().forEach((path, block) -> paths.putIfAbsent(block, path));
        model.namedParameters().forEach((path, leaf) -> {
            // Frozen parameters are included, since they may be unfrozen later.
            if (known.add(leaf)) {
                WatchedLeaf watched = new WatchedLeaf(path, leaf);
                leaves.add(watched);
                hooks.add(leaf.afterAccumulation(self -> {
                    watched.accumulated(self);
                    reached();
                    checks.forEach(check -> check.passReached(self));
                }));
            }
        });
    }

    /** Watches the trainings of a model by this thread until it is closed. */
    public static Doctor watch(Block model) {
        return watch(model, finding -> {});
    }

    /**
     * Watches the trainings of a model by this thread until it is closed.
     *
     * @param listener is called with each finding as soon as no later step can refute it, which may be when the doctor is closed
     */
    public static Doctor watch(Block model, Consumer<Finding> listener) {
        return new Doctor(model, listener);
    }

    private void passBegins(Tensor root) {
        look();
        watchNew();
        isReached = false;
        checks.forEach(check -> check.passBegins(root));
    }

    /** Looks for an optimizer step, which shows by changed parameters. */
    private void look() {
        boolean isStep = false;
        for (WatchedLeaf watched : leaves) {
            isStep |= watched.measureUpdate(lastLook);
        }
        lastLook = now();
        if (isStep) {
            steps++;
            leaves.forEach(WatchedLeaf::stepped);
            checks.forEach(Check::stepped);
        }
    }

    /** Counts the current backward pass as one that reached the model; further calls in the same pass have no effect. */
    void reached() {
        if (!isReached) {
            isReached = true;
            passes++;
            leaves.forEach(WatchedLeaf::passed);
        }
    }

    private static String key(Mistake mistake, String path) {
        return mistake + " " + path;
    }

    /** An evidence with numbers. */
    static String text(String format, Object... numbers) {
        return String.format(Locale.ROOT, format, numbers);
    }

    /** Records a mistake, once for each path. */
    void report(Mistake mistake, String path, String evidence) {
        if (reported.add(key(mistake, path))) {
            Finding finding = new Finding(mistake, path, steps, evidence);
            findings.add(finding);
            listener.accept(finding);
        }
    }

    /**
     * The mistakes found so far, in the order in which they were found. Reading them changes nothing. A missing gradient or update of a
     * parameter is among them only until the gradient or update comes.
     */
    public List<Finding> findings() {
        List<Finding> all = new ArrayList<>(findings);
        if (!isClosed) {
            long made = stepsMade();
            checks.forEach(check -> check.asked((mistake, path, evidence) -> {
                if (!reported.contains(key(mistake, path))) {
                    all.add(new Finding(mistake, path, made, evidence));
                }
            }));
        }
        return List.copyOf(all);
    }

    /** The mistakes found so far, one a line; a sentence that says so if there are none. */
    public String report() {
        List<Finding> all = findings();
        return all.isEmpty()
                ? "No mistake found in " + stepsMade() + " steps."
                : all.stream().map(Finding::toString).collect(Collectors.joining("\n"));
    }

    /** The number of steps, including a last step that would be counted only when the next backward pass begins. */
    private long stepsMade() {
        return isClosed || leaves.stream().noneMatch(WatchedLeaf::isUpdating) ? steps : steps + 1;
    }

    /** Stops watching; from then on the findings stay the same. */
    @Override
    public void close() {
        if (!isClosed) {
            hooks.forEach(Hook::remove);
            isClosed = true;
            look();
            checks.forEach(check -> check.asked(this::report));
        }
    }

    /** Returns a logical time, later than all operations before this call and earlier than all operations after it. */
    static long now() {
        return Clock.tick();
    }
}
