package io.adjoint.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/** The checks of a layer, in addition to the checks of an operation, {@link OperationCheck}. */
public enum LayerCheck {
    /** In evaluation a forward pass draws no random numbers and changes no buffers. */
    EVALUATION(LayerStateChecks::evaluation),
    /**
     * A pass changes no mode of the block or its parts, no parameter, and no gradient that a parameter has; also if the block's children
     * are in the other mode.
     */
    SIDE_EFFECTS(LayerStateChecks::sideEffects, 5),
    /**
     * A block made with other random numbers that loads another block's state, saved after a training step, has the same outputs and
     * continues training with the same bits. Gradients flow only to inputs and registered parameters.
     */
    STATE(LayerStateChecks::state),
    /** A block has the same state, values and gradients, bit for bit, after another block of the factory was made and trained. */
    INSTANCES(LayerStateChecks::instances, 3),
    /**
     * In evaluation a sample by itself has the outputs that it has in its batch, within {@link LayerSpec#rtol}. Checked only if the
     * spec says {@link LayerSpec#separateSamples}.
     */
    SAMPLES(LayerChecks::samples, 10),
    /**
     * A layer that runs twice before the backward pass gives the same values and gradients as if each run were the only run, also if the
     * second run is in training; two backward passes over one graph give the gradients of separate ones.
     */
    USED_TWICE(LayerChecks::usedTwice),
    /**
     * Two training steps in a {@link io.adjoint.autograd.Workspace}, one after the other, have the same values, gradients and buffers as
     * without one, bit for bit: the layer keeps no tensor that ends with its step.
     */
    WORKSPACE(LayerChecks::workspace, 5),
    /** Gradients are the same whichever parameters are frozen. */
    FROZEN(LayerChecks::frozen, 5),
    /**
     * A copy has the outputs and gradients of the block, bit for bit, and a step of training of the copy leaves the block as it is; a copy
     * in FLOAT32 runs, with FLOAT32 parameters and outputs.
     */
    COPY(LayerStateChecks::copy, 5),
    /** A forward pass in training changes the buffers as the reference of {@link LayerSpec#buffers(BufferReference)} says. */
    BUFFERS(LayerStateChecks::buffers),
    /**
     * In evaluation several threads that run the layer at the same time get the same bits as a single thread, and so do threads that call
     * {@link io.adjoint.nn.Model#predict} in training mode, which changes neither buffers nor the generator. In both modes a backward pass
     * on another thread than its forward pass gives the same bits.
     */
    THREADS(LayerChecks::threads, 2),
    /**
     * For an input of more than 8,192 elements, which is computed by parallel and vectorized loops, output and gradients are right in both
     * modes. The gradients are compared at some elements of each input and parameter, the last among them. Layers are not checked if all
     * sizes of their inputs are fixed, or if the elements must be distinct ({@link Values#distinct}), since their interval has no room for
     * thousands of distinct elements.
     */
    MANY_SAMPLES((layer, drawn) -> LayerChecks.manySamples(layer), 1),
    /** Buffers stay finite in training passes of an empty batch, of a single sample, and of several samples. */
    FINITE_BUFFERS((layer, drawn) -> LayerStateChecks.finiteBuffers(layer), 1),
    /** Some output depends on the buffers that training changes. */
    BUFFERS_USED((layer, drawn) -> LayerStateChecks.buffersUsed(layer), 1),
    /** Two layers made with equal random numbers have equal states, under equal names. */
    SAME_SEED((layer, drawn) -> LayerStateChecks.sameSeed(layer), 1);

    private final BiConsumer<LayerSpec, Case> check;
    private final int most;

    LayerCheck(BiConsumer<LayerSpec, Case> check) {
        this(check, Integer.MAX_VALUE);
    }

    /**
     * A check with at most {@code most} cases, for a check that takes long or whose cases differ little; 1 for a check that draws its own
     * cases.
     */
    LayerCheck(BiConsumer<LayerSpec, Case> check, int most) {
        this.check = check;
        this.most = most;
    }

    /** Checks one case of {@link LayerSpec#operation()}, or draws its own; {@link #run} draws and shrinks cases. */
    public void check(LayerSpec layer, Case drawn) {
        check.accept(layer, drawn);
    }

    /** False if the check draws its own cases, or needs none. */
    boolean needsCase() {
        return most > 1;
    }

    /** The number of cases to draw. */
    int tries() {
        return Math.min(most, Search.defaultTries());
    }

    /** The name in messages, such as {@code same seed}. */
    @Override
    public String toString() {
        return name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
    }

    /** Runs all checks of a layer, first the checks of the operation that it is. */
    static void all(LayerSpec layer) {
        List<Runnable> checks = new ArrayList<>();
        Operation operation = layer.operation();
        for (OperationCheck check : OperationCheck.values()) {
            checks.add(() -> operation.check(check));
        }
        for (LayerCheck check : values()) {
            checks.add(() -> check.run(layer));
        }
        Failures.throwAll(layer.name(), checks);
    }

    /**
     * Runs this check of a layer, if it applies.
     *
     * @throws AssertionError if it fails, with the smallest case if it is a check of drawn cases
     */
    public void run(LayerSpec layer) {
        if (layer.skips(this)) {
            return;
        }
        String what = layer.name() + ": " + this;
        if (needsCase()) {
            Search.run(
                    what,
                    layer.operation().differentiableCases(),
                    tries(),
                    layer.name().hashCode(),
                    drawn -> check(layer, drawn));
        } else {
            Seeds.run(what, 1, seed -> check(layer, Case.of()));
        }
    }
}
