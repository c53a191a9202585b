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
 * A model with all that trains it. After any step its state can be taken and another training, of the same arguments, goes on from there
 * with the same bits.
 */
abstract class Training {
    /** The only source of random numbers. */
    final Generator rng;
    /** The number of epochs that the training has in all. */
    final int epochs;

    /**
     * The parts whose states change with each step.
     *
     * @param model the model
     * @param optimizer the optimizer of its parameters
     * @param batches an epoch of batches in each iteration
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

    /** The parts, made once. */
    abstract Parts<?> parts();

    /** A line about the data, and about the figure of a baseline, a method without a network. */
    abstract String baseline();

    /** The figure, of a model in evaluation mode and without recording; what else there is to tell is printed. */
    abstract Figure test();

    /** Adds the training's history to a report; an example with classes also adds their results. */
    void complete(Report report) {
        report.history(parts().trainer().history());
    }

    /** The figure of the model as it is, after all epochs. */
    final Figure figure() {
        return Evaluator.evaluating(parts().model(), this::test);
    }

    /** Trains until the given number of epochs is over; schedules are those of all epochs. */
    final void trainUntil(int end) {
        parts().train(epochs, end);
    }

    /** Adds all that it carries from step to step to checkpoints, and returns these. */
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
