package io.adjoint.examples;

import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.nn.Block;
import io.adjoint.nn.optim.Optimizer;
import java.util.Locale;
import java.util.Map;

/**
 * A model with all that trains it. After any epoch its state can be taken and another training, of the same arguments, goes on from
 * there with the same bits.
 */
abstract class Training {
    /** The only source of random numbers. */
    final Generator rng;
    /** The number of epochs that the training has in all. */
    final int epochs;
    /** The number of those that are over. */
    private int epoch;

    /**
     * The parts whose states change with each step.
     *
     * @param model the model
     * @param optimizer the optimizer of its parameters
     */
    record Parts(Block model, Optimizer optimizer) {}

    /**
     * All that a training carries from epoch to epoch.
     *
     * @param epoch the number of epochs that are over
     * @param model the state of the model
     * @param optimizer the state of the optimizer
     * @param generator the state of the generator that shuffles, and draws what is dropped
     */
    record State(int epoch, Map<String, NdArray> model, Map<String, NdArray> optimizer, NdArray generator) {}

    /**
     * The performance on data that the training has not seen.
     *
     * @param name what the figure is
     * @param value the figure
     * @param text the figure as it is printed, with its unit
     */
    record Figure(String name, double value, String text) {
        /** A fraction, printed in percent. */
        static Figure percent(String name, double fraction) {
            return new Figure(name, fraction, String.format(Locale.ROOT, "%.1f %%", 100 * fraction));
        }
    }

    /** A training of the given number of epochs, unless the arguments have another. */
    Training(ExampleOptions arguments, int epochs) {
        this.rng = arguments.generator();
        this.epochs = arguments.epochs(epochs);
    }

    /** The model and its optimizer. */
    abstract Parts parts();

    /** A line about the data, and about what is reached without a network. */
    abstract String baseline();

    /** Trains for one epoch, the first being 0; returns a few words about how it went. */
    abstract String train(int epoch);

    /** The figure, after all epochs; what else there is to tell is printed. */
    abstract Figure test();

    /** Trains until the given number of epochs is over. */
    final void trainUntil(int end) {
        try (Progress progress = Progress.of("Training", end - epoch)) {
            for (; epoch < end; epoch++) {
                progress.step(train(epoch));
            }
        }
    }

    /** A copy of all that it carries. */
    final State state() {
        Parts parts = parts();
        return new State(epoch, parts.model().state(), parts.optimizer().state(), rng.state());
    }

    /** Goes on from a state. */
    final void load(State state) {
        Parts parts = parts();
        epoch = state.epoch();
        parts.model().load(state.model());
        parts.optimizer().load(state.optimizer());
        rng.load(state.generator());
    }
}
