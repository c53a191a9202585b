package io.adjoint.nn.train;

import java.io.Console;
import java.io.PrintStream;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Shows the progress of a {@link Trainer}: on a terminal by a bar that is drawn anew, elsewhere by a line for each epoch. The bar has the
 * epoch under way, the time since the beginning and that of the whole training, and the values of the last epoch:
 *
 * <pre>{@code
 * epoch 13/40 [===>      ]  31 % 0:12 of 0:39 loss 0.124, validation loss 0.150
 * }</pre>
 *
 * <p>It has no effect on a training but what it prints.
 */
public final class Progress {
    private static final int BAR = 10;
    /** The narrowest terminals have 80 columns, and what fills the last one would begin another line. */
    private static final int COLUMNS = 79;

    private static final long NANOS_BETWEEN = 100_000_000;

    private final PrintStream out;
    private final boolean redraws;
    private final int columns;

    private String values = "";
    private long begin = -1;
    /** The part of the training that was over when it began to be shown; more than 0 if it is continued. */
    private double before;

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

    /** A bar in a terminal that has as many columns as a variable says, if it does. */
    static Progress bar(PrintStream out, @Nullable String columns) {
        boolean isKnown = columns != null && columns.matches("[1-9][0-9]{0,5}");
        return new Progress(out, true, isKnown ? Math.min(COLUMNS, Integer.parseInt(columns) - 1) : COLUMNS);
    }

    /** A line for each epoch. */
    public static Progress lines(PrintStream out) {
        return new Progress(out, false, COLUMNS);
    }

    /**
     * Shows that a batch is over.
     *
     * @param epoch the number of the epoch under way, 1 for the first
     * @param epochs the number of all
     * @param part the part of the epoch's batches that are over, from 0 to 1
     * @param loss the mean loss of these
     */
    void batch(int epoch, int epochs, double part, double loss) {
        if (!redraws) {
            return;
        }
        double over = (epoch - 1 + part) / epochs;
        long now = System.nanoTime();
        if (begin == -1) {
            begin = now;
            before = over;
        } else if (now - drawn < NANOS_BETWEEN) {
            return;
        }
        draw(epoch, epochs, over, now, values.isEmpty() ? String.format(Locale.ROOT, "loss %.4g", loss) : values);
    }

    /** Shows that an epoch is over. */
    void epoch(Epoch epoch, int epochs) {
        values = epoch.text();
        if (redraws) {
            draw(epoch.number(), epochs, (double) epoch.number() / epochs, System.nanoTime(), values);
        } else {
            out.println(epoch);
        }
    }

    /** Ends the line of the bar. */
    void end() {
        if (width > 0) {
            out.println();
            width = 0;
        }
        begin = -1;
    }

    private void draw(int epoch, int epochs, double over, long now, String message) {
        double seconds = begin == -1 ? 0 : (now - begin) / 1e9;
        int filled = (int) Math.min(BAR, BAR * over);
        String bar = "=".repeat(filled) + (filled < BAR ? ">" : "") + " ".repeat(Math.max(0, BAR - filled - 1));
        StringBuilder line = new StringBuilder(String.format(
                Locale.ROOT, "epoch %d/%d [%s] %3.0f %% %s", epoch, epochs, bar, 100 * over, time(seconds)));
        if (over > before) {
            line.append(" of ").append(time(seconds * (1 - before) / (over - before)));
        }
        line.append(" ").append(message);
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
     * Returns whether input and output are a terminal. Up to Java 21 there is a console only then; from Java 22 on there may always be
     * one, which has a method that tells.
     */
    @SuppressWarnings("SystemConsoleNull") // says just that
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
