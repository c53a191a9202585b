package io.adjoint.view;

import java.util.LinkedHashMap;
import java.util.Map;

/** The time of a training by phase, and the largest heap in use that was seen at the end of one. */
final class Phases {
    static final String TRAINING = "training";
    static final String EVALUATION = "evaluation";

    private final Map<String, Double> seconds = new LinkedHashMap<>();
    private final Map<String, Long> heaps = new LinkedHashMap<>();
    /** The begin of the phase under way; 0 before the first. */
    private long last;

    Phases copy() {
        Phases copy = new Phases();
        copy.seconds.putAll(seconds);
        copy.heaps.putAll(heaps);
        copy.last = last;
        return copy;
    }

    /** The next phase begins. */
    void begin() {
        last = System.nanoTime();
    }

    /** A phase is over that began when the one before was. */
    void end(String phase) {
        if (last == 0) {
            // A loop that doesn't say when it starts has no times.
            return;
        }
        long now = System.nanoTime();
        seconds.merge(phase, (now - last) / 1e9, Double::sum);
        last = now;
    }

    /** Looks at the heap, in which there may be garbage. */
    void look(String phase) {
        Runtime runtime = Runtime.getRuntime();
        heaps.merge(phase, runtime.totalMemory() - runtime.freeMemory(), Math::max);
    }

    double seconds() {
        return seconds.values().stream().mapToDouble(s -> s).sum();
    }

    boolean isEmpty() {
        return seconds.isEmpty();
    }

    void write(Markup markup) {
        double all = seconds();
        markup.open("div", "class", "wide").open("table").open("thead").open("tr");
        for (String head : new String[] {"phase", "time", "share", "largest heap seen"}) {
            markup.element("th", head, "scope", "col");
        }
        markup.close().close().open("tbody");
        seconds.forEach((phase, time) -> {
            Long heap = heaps.get(phase);
            markup.open("tr").element("th", phase, "scope", "row");
            markup.element("td", NumberText.duration(time));
            markup.element("td", all == 0 ? "" : Math.round(100 * time / all) + " %");
            markup.element("td", heap == null ? "" : NumberText.bytes(heap)).close();
        });
        markup.close().close().close();
        markup.element("p", "The heap in use includes garbage that no collection has removed yet.", "class", "soft");
    }
}
