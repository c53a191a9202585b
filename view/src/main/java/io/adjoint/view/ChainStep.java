package io.adjoint.view;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A step of a {@link StepsWalk}: one number or tensor, and where it comes from. */
final class ChainStep {
    /** The part of the walk that a step belongs to. */
    enum Phase {
        /** A tensor that is there before. */
        GIVEN("Given"),
        /** The value of a tensor. */
        FORWARD("Forward"),
        /** A gradient, or a part of one. */
        BACKWARD("Backward"),
        /** A gradient beside differences. */
        CHECK("Check");

        private final String text;

        Phase(String text) {
            this.text = text;
        }

        String text() {
            return text;
        }
    }

    /**
     * A line.
     *
     * @param tells whether it tells the step's result
     */
    record Line(String label, String text, boolean tells) {}

    /**
     * A table of numbers.
     *
     * @param tells whether it tells the step's result
     */
    record Table(String caption, List<String> head, List<List<String>> rows, boolean tells) {}

    /** A question for the step's result, and the number that answers it. */
    record Question(String text, double answer) {}

    final Phase phase;
    final String title;
    /** The tensor that the step is about; −1 if it is about several. */
    final int vertex;
    /** The tensor that a gradient comes from; −1 if there is none. */
    final int from;

    final List<Line> lines = new ArrayList<>();

    @Nullable
    Table table;

    @Nullable
    Question question;

    ChainStep(Phase phase, String title, int vertex, int from) {
        this.phase = phase;
        this.title = title;
        this.vertex = vertex;
        this.from = from;
    }

    /** A line that may be shown before the result is told; none if the text is empty. */
    void line(String label, String text) {
        add(label, text, false);
    }

    /** A line with the result in it. */
    void result(String label, String text) {
        add(label, text, true);
    }

    private void add(String label, String text, boolean tells) {
        if (!text.isEmpty()) {
            lines.add(new Line(label, text, tells));
        }
    }
}
