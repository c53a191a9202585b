package io.adjoint.examples;

import java.io.Console;
import java.io.PrintStream;
import me.tongfei.progressbar.InteractiveConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** A progress bar on a terminal; nothing where the output goes elsewhere. */
final class Progress implements AutoCloseable {
    private final @Nullable ProgressBar bar;

    private Progress(@Nullable ProgressBar bar) {
        this.bar = bar;
    }

    /** Progress over the given number of steps, shown if the program runs in a terminal. */
    static Progress of(String task, int steps) {
        return isTerminal() ? on(System.out, task, steps) : new Progress(null);
    }

    /** Progress over the given number of steps, shown on the given stream. */
    static Progress on(PrintStream terminal, String task, int steps) {
        return new Progress(new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(steps)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(100)
                .setConsumer(new InteractiveConsoleProgressBarConsumer(terminal))
                .build());
    }

    /** One step is done; the message stands behind the bar. */
    void step(String message) {
        if (bar != null) {
            bar.step();
            bar.setExtraMessage(message);
        }
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
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
