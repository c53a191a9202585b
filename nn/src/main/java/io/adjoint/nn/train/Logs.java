package io.adjoint.nn.train;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The logs of a trainer. A log that throws gets no more events, so that it cannot affect the training. */
final class Logs {
    /** The logs that get the events of the current call of fit. */
    private List<Log> open = new ArrayList<>();

    boolean isEmpty() {
        return open.isEmpty();
    }

    /** Starts the logs of a call of fit; if a log throws, the logs before it are ended, and the exception is passed on. */
    void open(List<Log> logs, TrainingRun run) {
        open = new ArrayList<>();
        start(logs, run);
        open.addAll(logs);
    }

    /** Passes an event to the open logs; a log that throws is ended. */
    void each(Moment at, Consumer<Log> event) {
        for (Log log : List.copyOf(open)) {
            try {
                event.accept(log);
            } catch (RuntimeException e) {
                open.remove(log);
                attempt(() -> log.end(at), e);
                warn(log, e);
            }
        }
    }

    void end(Moment at) {
        for (Log log : open) {
            try {
                log.end(at);
            } catch (RuntimeException e) {
                warn(log, e);
            }
        }
        open = new ArrayList<>();
    }

    private static void warn(Log log, RuntimeException failure) {
        System.getLogger(Log.class.getName())
                .log(
                        System.Logger.Level.WARNING,
                        "the training goes on without its " + log.getClass().getSimpleName() + ", which failed",
                        failure);
    }

    // ---- several logs as one ----

    /** Starts logs; if a log throws, the logs before it are ended. */
    static void start(List<Log> logs, TrainingRun run) {
        for (int k = 0; k < logs.size(); k++) {
            try {
                logs.get(k).start(run);
            } catch (RuntimeException e) {
                List<Log> before = logs.subList(0, k);
                attempt(() -> end(before, run.at()), e);
                throw e;
            }
        }
    }

    /** Ends all logs, then throws the first exception that one of them threw. */
    static void end(List<Log> logs, Moment at) {
        Cleanup.all(logs.stream().<Runnable>map(log -> () -> log.end(at)).toList());
    }

    /** Runs work that follows a failure; an exception of the work is added to the failure as a suppressed exception. */
    private static void attempt(Runnable work, RuntimeException failure) {
        try {
            work.run();
        } catch (RuntimeException e) {
            if (e != failure) {
                failure.addSuppressed(e);
            }
        }
    }
}
