package io.adjoint.view;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A step of a {@link StepsWalk}: it shows the given tensors, or how one value or gradient was computed, or the comparison of a gradient
 * with finite differences.
 */
final class ChainStep {
    /** The part of a {@link StepsWalk} to which a step belongs. */
    enum Phase {
        /** The tensors that are given: parameters and constants. */
        GIVEN("Given"),
        /** The forward value of a tensor. */
        FORWARD("Forward"),
        /** A gradient, or one of the summands of a gradient. */
        BACKWARD("Backward"),
        /** A comparison of a gradient with finite differences. */
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
     * A labelled line of a step.
     *
     * @param tells whether the line shows the step's result, which the page hides until the reader has answered the step's question
     */
    record Line(String label, String text, boolean tells) {}

    /**
     * A table of numbers that belongs to a step.
     *
     * @param tells whether the table shows the step's result, which the page hides until the reader has answered the step's question
     */
    record Table(String caption, List<String> head, List<List<String>> rows, boolean tells) {}

    /** A question that asks for the step's result, and the correct answer. */
    record Question(String text, double answer) {}

    final Phase phase;
    final String title;
    /** The index of the tensor that the step is about; −1 if the step is about several tensors. */
    final int vertex;
    /** The index of the operation's result from which a gradient flows to the tensor {@link #vertex}; −1 if the step shows no flow. */
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

    /** Adds a line that doesn't show the result; adds nothing if the text is empty. */
    void line(String label, String text) {
        add(label, text, false);
    }

    /** Adds a line that shows the result; adds nothing if the text is empty. */
    void result(String label, String text) {
        add(label, text, true);
    }

    private void add(String label, String text, boolean tells) {
        if (!text.isEmpty()) {
            lines.add(new Line(label, text, tells));
        }
    }
}
