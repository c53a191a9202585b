package io.adjoint.nn.train;

import io.adjoint.core.NdArray;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Receives the events of trainings, and writes them somewhere: a {@link CsvLog}, a {@link Progress}, or your own class, which overrides the
 * methods for the events that it takes. A {@link Trainer} calls its logs; your own loop calls them so:
 *
 * <pre>{@code
 * Log log = Log.all(new CsvLog(folder), Progress.on(System.out));
 * log.start(TrainingRun.of(model, Map.of("optimizer", optimizer.toString())));
 * …
 * log.epoch(Moment.now(steps, epoch), Map.of("loss", loss));
 * log.end(Moment.now(steps, epoch));
 * }</pre>
 *
 * <p>Events come in the order of their {@link Moment}s. A training that continues from a state passes the moment of the state to {@link
 * #start}, and repeats the events after it: a log drops the events after that moment that it received before. A log that throws an
 * exception in {@code start} stops a trainer before anything has changed. If a log throws later, the trainer calls its {@code end} at once,
 * sends it no more events of this call, and continues the training.
 */
public interface Log {
    /** Called when a training begins or is continued. */
    default void start(TrainingRun run) {
        passOn(log -> log.start(run));
    }

    /**
     * Called after a step of the optimizer, before its gradients are cleared: parameters still have those that the step used, which were
     * clipped, and summed over the shards of several workers.
     */
    default void step(Step step) {
        passOn(log -> log.step(step));
    }

    /** Takes some numbers, such as the values of an evaluation within an epoch. */
    default void numbers(Moment at, Map<String, Double> values) {
        passOn(log -> log.numbers(at, values));
    }

    /**
     * Called at the end of an epoch, with the values that were computed at its end. The values of evaluations within the epoch were passed
     * to {@link #numbers} before. {@link Moment#epoch} is the epoch's number, 1 for the first.
     */
    default void epoch(Moment at, Map<String, Double> values) {
        passOn(log -> log.epoch(at, values));
    }

    /** Takes a text. */
    default void text(Moment at, String name, String text) {
        passOn(log -> log.text(at, name, text));
    }

    /** Takes numbers, of any shape, whose distribution is of interest, such as a weight. */
    default void histogram(Moment at, String name, NdArray values) {
        passOn(log -> log.histogram(at, name, values));
    }

    /** Takes a picture of values from 0 to 1, {@code [H, W]} if grey, or {@code [3, H, W]} of red, green and blue. */
    default void picture(Moment at, String name, NdArray picture) {
        passOn(log -> log.picture(at, name, picture));
    }

    /** Called with the exception that ends the training, before {@link #end}. */
    default void failure(Moment at, Throwable cause) {
        passOn(log -> log.failure(at, cause));
    }

    /**
     * Called when the training ends, also by an exception of the training or of this log. A further {@link #start} may continue the
     * training.
     */
    default void end(Moment at) {
        passOn(log -> log.end(at));
    }

    /**
     * Takes each event whose method isn't overridden; ignores it by default. A log that passes all events on to others overrides this
     * method alone.
     */
    default void passOn(Consumer<Log> event) {}

    /**
     * A log that passes each event on to several others, in their order. If one throws in {@code start}, those before it are ended; all are
     * ended, even if one of them throws then.
     */
    static Log all(Log... logs) {
        List<Log> all = List.of(logs);
        return new Log() {
            @Override
            public void passOn(Consumer<Log> event) {
                all.forEach(event);
            }

            @Override
            public void start(TrainingRun run) {
                Logs.start(all, run);
            }

            @Override
            public void end(Moment at) {
                Logs.end(all, at);
            }
        };
    }
}
