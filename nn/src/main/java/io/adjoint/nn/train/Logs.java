package io.adjoint.nn.train;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The logs of a trainer, of which one that throws gets no more events, so that the training is as without it. */
final class Logs {
    private final List<Log> all = new ArrayList<>();
    /** Those that get the events of the call under way. */
    private List<Log> open = new ArrayList<>();

    void add(Log log) {
        all.add(log);
    }

    boolean isEmpty() {
        return open.isEmpty();
    }

    /** Opens all; if one throws, those before it are ended, and the exception is passed on. */
    void start(Run run) {
        open = new ArrayList<>();
        try {
            for (Log log : all) {
                log.start(run);
                open.add(log);
            }
        } catch (RuntimeException e) {
            end(run.at());
            throw e;
        }
    }

    void each(Consumer<Log> event) {
        for (Log log : List.copyOf(open)) {
            try {
                event.accept(log);
            } catch (RuntimeException e) {
                open.remove(log);
                System.getLogger(Log.class.getName())
                        .log(
                                System.Logger.Level.WARNING,
                                "the training goes on without its "
                                        + log.getClass().getSimpleName() + ", which failed",
                                e);
            }
        }
    }

    void end(Moment at) {
        each(log -> log.end(at));
        open = new ArrayList<>();
    }
}
