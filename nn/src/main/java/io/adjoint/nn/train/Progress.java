package io.adjoint.nn.train;

import java.io.Console;
import java.io.PrintStream;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Shows the progress of a training, as a {@link Log}: on a terminal by a bar that is drawn anew, elsewhere by a line for each epoch and
 * each evaluation within one. The bar shows the current epoch, the time since the start and the expected time of the whole training, and
 * the last values:
 *
 * <pre>{@code
 * epoch 13/40 [===>      ]  31 % 0:12 of 0:39 loss 0.124, validation loss 0.150
 * }</pre>
 *
 * <p>It prints, and has no other effect on a training.
 */
public final class Progress implements Log {
    private static final int BAR = 10;
    /** The largest length of a line. The narrowest usual terminals have 80 columns, and filling the last one would start a new line. */
    private static final int COLUMNS = 79;

    private static final long NANOS_BETWEEN = 100_000_000;

    private final PrintStream out;
    private final boolean redraws;
    private final int columns;

    private @Nullable Length length;
    private String values = "";
    /** The fraction of the training that is done; NaN if the fraction is unknown. */
    private double done = Double.NaN;

    private long begin = -1;
    /** The fraction of the training that was done when the display began; above 0 for a resumed training. */
    private double before = Double.NaN;
    /** True after the first step, at which the measurement of time begins. */
    private boolean hasSteps;

    private long drawn;
    private int width;

    private Progress(PrintStream out, boolean redraws, int columns) {
        this.out = Objects.requireNonNull(out, "Progress: expected a stream to print to, got null");
        this.redraws = redraws;
        this.columns = columns;
    }

    /** A bar if the program runs in a terminal, or else lines; the stream is usually {@code System.out}. */
    public static Progress on(PrintStream out) {
        return isTerminal() ? bar(out) : lines(out);
    }

    /**
     * A bar of at most 79 columns, which is drawn over itself, at most ten times a second. In a narrower terminal it needs the
     * environment variable COLUMNS, the terminal's width, which shells know but hand on only after {@code export COLUMNS}.
     */
    public static Progress bar(PrintStream out) {
        return bar(out, System.getenv("COLUMNS"));
    }

    /** A progress bar in a terminal whose width is the value of an environment variable, if that is a number. */
    static Progress bar(PrintStream out, @Nullable String columns) {
        boolean isKnown = columns != null && columns.matches("[1-9][0-9]{0,5}");
        return new Progress(out, true, isKnown ? Math.min(COLUMNS, Integer.parseInt(columns) - 1) : COLUMNS);
    }

    /** A line for each epoch. */
    public static Progress lines(PrintStream out) {
        return new Progress(out, false, COLUMNS);
    }

    @Override
    public void start(TrainingRun run) {
        length = run.length();
        values = "";
        done = doneAt(run.at());
        begin = System.nanoTime();
        before = done;
        hasSteps = false;
    }

    /** The fraction of the training that is done at a moment; NaN if the length of the training is unknown or a time. */
    private double doneAt(Moment at) {
        return length == null || length.isTime() ? Double.NaN : length.done(at.epoch(), at.step(), 0);
    }

    @Override
    public void step(Step step) {
        if (!redraws) {
            return;
        }
        long now = System.nanoTime();
        if (!hasSteps) {
            hasSteps = true;
            begin = now;
            before = step.done();
        } else if (now - drawn < NANOS_BETWEEN) {
            return;
        }
        String loss = values.isEmpty() ? String.format(Locale.ROOT, "loss %.4g", step.loss()) : values;
        done = step.done();
        draw(step.at().epoch() + 1, step.at().step(), now, loss);
    }

    @Override
    public void epoch(Moment at, Map<String, Double> numbers) {
        values = Epoch.text(numbers);
        double known = doneAt(at);
        done = Double.isNaN(known) ? done : known;
        if (redraws) {
            draw(at.epoch(), at.step(), System.nanoTime(), values);
        } else {
            out.println(new Epoch(at.epoch(), at.step(), numbers));
        }
    }

    @Override
    public void numbers(Moment at, Map<String, Double> numbers) {
        values = Epoch.text(numbers);
        if (!redraws) {
            out.println("step " + at.step() + ": " + values);
        }
    }

    /** Ends the line of the bar. */
    @Override
    public void end(Moment at) {
        if (width > 0) {
            out.println();
            width = 0;
        }
    }

    private void draw(int epoch, long step, long now, String message) {
        double seconds = begin == -1 ? 0 : (now - begin) / 1e9;
        StringBuilder line = new StringBuilder(length == null ? "epoch " + epoch : length.position(epoch, step));
        if (done >= 0) {
            int filled = (int) Math.min(BAR, BAR * done);
            String bar = "=".repeat(filled) + (filled < BAR ? ">" : "") + " ".repeat(Math.max(0, BAR - filled - 1));
            line.append(String.format(Locale.ROOT, " [%s] %3.0f %%", bar, 100 * done));
        }
        line.append(' ').append(time(seconds));
        if (done > before) {
            line.append(" of ").append(time(seconds * (1 - before) / (done - before)));
        }
        line.append(' ').append(message);
        line.setLength(Math.min(line.length(), columns));
        String text = line.toString();
        out.print("\r" + text + " ".repeat(Math.max(0, width - text.length())));
        out.flush();
        width = text.length();
        drawn = now;
    }

    private static String time(double seconds) {
        long all = Math.round(seconds);
        return String.format(Locale.ROOT, "%d:%02d", all / 60, all % 60);
    }

    /**
     * Returns whether input and output are a terminal. Up to Java 21 System.console() is null if they are not a terminal; from Java 22 on
     * there may always be a console, which has a method isTerminal().
     */
    @SuppressWarnings("SystemConsoleNull") // see the Javadoc
    static boolean isTerminal() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException beforeJava22) {
            return true;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
