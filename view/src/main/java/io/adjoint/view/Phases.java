package io.adjoint.view;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/** The time of a training by phase, in seconds, and the largest used heap observed in each phase, in bytes. */
final class Phases {
    static final String TRAINING = "training";
    static final String EVALUATION = "evaluation";
    /** The phase of a loop that doesn't log its steps, so that nobody knows when an evaluation begins. */
    private static final String BOTH = "training and evaluation";
    /** The seconds after which the time left is estimated. */
    private static final double FIRST_ESTIMATE = 1;

    private final LongSupplier clock;
    private final Map<String, Double> seconds = new LinkedHashMap<>();
    private final Map<String, Long> heaps = new LinkedHashMap<>();
    /** The time of the clock at which the current phase began; 0 before the first phase. */
    private long last;
    /** The fraction of the training that was over at its first step since {@link #begin}, and the seconds until then; NaN before. */
    private double firstDone = Double.NaN;

    private double firstSeconds;

    /** Makes phases that are timed by a clock of nanoseconds, such as {@link System#nanoTime}. */
    Phases(LongSupplier clock) {
        this.clock = clock;
    }

    Phases copy() {
        Phases copy = new Phases(clock);
        copy.seconds.putAll(seconds);
        copy.heaps.putAll(heaps);
        copy.last = last;
        copy.firstDone = firstDone;
        copy.firstSeconds = firstSeconds;
        return copy;
    }

    /** Begins the first phase; {@link #end} begins each later phase. */
    void begin() {
        last = clock.getAsLong();
        firstDone = Double.NaN;
    }

    /** Ends the phase that began when the previous phase ended, and begins the next phase. */
    void end(String phase) {
        if (last == 0) {
            // No times are measured if begin() was never called.
            return;
        }
        long now = clock.getAsLong();
        seconds.merge(known(phase), (now - last) / 1e9, Double::sum);
        last = now;
    }

    /** Reads the size of the used heap, garbage included, and keeps the largest size for each phase. */
    void look(String phase) {
        Runtime runtime = Runtime.getRuntime();
        heaps.merge(known(phase), runtime.totalMemory() - runtime.freeMemory(), Math::max);
    }

    private String known(String phase) {
        return phase.equals(TRAINING) || seconds.containsKey(TRAINING) ? phase : BOTH;
    }

    /** Takes the fraction of the training that is over after a step, from 0 to 1. */
    void progress(double done) {
        if (Double.isNaN(firstDone)) {
            firstDone = done;
            firstSeconds = seconds();
        }
    }

    /** The seconds that the rest of the training takes at its speed so far; NaN while that is unknown. */
    double left(double done) {
        double passed = seconds() - firstSeconds;
        return passed >= FIRST_ESTIMATE && done > firstDone ? passed * (1 - done) / (done - firstDone) : Double.NaN;
    }

    double seconds() {
        return seconds.values().stream().mapToDouble(s -> s).sum();
    }

    boolean isEmpty() {
        return seconds.isEmpty();
    }

    void write(Markup markup) {
        double all = seconds();
        markup.open("div", "class=wide").open("table").head(List.of("phase", "time", "share", "largest heap seen"));
        seconds.forEach((phase, time) -> {
            Long heap = heaps.get(phase);
            markup.open("tr").element("th", phase, "scope=row");
            markup.element("td", NumberText.duration(time));
            markup.element("td", all == 0 ? "" : Math.round(100 * time / all) + " %");
            markup.element("td", heap == null ? "" : NumberText.bytes(heap)).close();
        });
        markup.close().close().close();
        markup.element("p", "The heap in use includes garbage that no collection has removed yet.", "class=soft");
    }
}
