package io.adjoint.examples;

import io.adjoint.core.Generator;
import io.adjoint.io.Checkpoints;
import io.adjoint.nn.Block;
import io.adjoint.nn.data.DataLoader;
import io.adjoint.nn.optim.Optimizer;
import io.adjoint.nn.train.Evaluator;
import io.adjoint.nn.train.Trainer;
import io.adjoint.view.Report;
import java.util.Locale;

/**
 * A model with everything that trains it. After any step its state can be saved; a new training with the same arguments that loads the
 * state continues with the same bits.
 */
abstract class Training {
    /** The only source of random numbers in the training. */
    final Generator rng;
    /** The total number of epochs of the training. */
    final int epochs;

    /**
     * The parts whose states change with each step.
     *
     * @param model the model
     * @param optimizer the optimizer of the model's parameters
     * @param batches the batches, of which each iteration is an epoch
     * @param trainer the loop
     * @param <B> a batch
     */
    record Parts<B>(Block model, Optimizer optimizer, Iterable<B> batches, Trainer<B> trainer) {
        private void train(int epochs, int end) {
            if (end < epochs) {
                trainer.onEpoch(epoch -> {
                    if (epoch.number() == end) {
                        trainer.stop();
                    }
                });
            }
            trainer.fit(batches, epochs);
        }
    }

    /**
     * The result of the test on data that the training has not seen.
     *
     * @param name the name of the result, such as {@code accuracy}
     * @param value the result as a number
     * @param text the value with its unit, as it is printed
     */
    record Figure(String name, double value, String text) {
        /** A fraction, printed in percent. */
        static Figure percent(String name, double fraction) {
            return new Figure(name, fraction, String.format(Locale.ROOT, "%.1f %%", 100 * fraction));
        }
    }

    /** Makes a training with the given number of epochs, unless the arguments have another number. */
    Training(ExampleOptions arguments, int epochs) {
        this.rng = arguments.generator();
        this.epochs = arguments.epochs(epochs);
    }

    /** Returns the parts, the same objects at each call. */
    abstract Parts<?> parts();

    /** Returns a text with the test result of a baseline, a method without a network. */
    abstract String baseline();

    /** Tests the model, which is in evaluation mode while gradients are not recorded; returns the result, and prints further results. */
    abstract Figure test();

    /** Adds the training's history to a report; an example with classes also adds their results. */
    void complete(Report report) {
        report.history(parts().trainer().history());
    }

    /** Tests the model as it is now. */
    final Figure figure() {
        return Evaluator.evaluating(parts().model(), this::test);
    }

    /** Trains until the given number of epochs is completed; schedules still extend over all epochs of the training. */
    final void trainUntil(int end) {
        parts().train(epochs, end);
    }

    /** Adds everything that changes from step to step to the checkpoints; returns the checkpoints. */
    final Checkpoints addTo(Checkpoints checkpoints) {
        Parts<?> parts = parts();
        checkpoints
                .part("model", parts.model())
                .part("optimizer", parts.optimizer())
                .part("trainer", parts.trainer())
                .part("rng", rng);
        if (parts.batches() instanceof DataLoader<?> loader) {
            checkpoints.part("loader", loader);
        }
        return checkpoints;
    }
}
