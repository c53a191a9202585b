package io.adjoint.view;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.adjoint.core.NdArray;
import io.adjoint.core.StateFields;
import io.adjoint.core.Stateful;
import io.adjoint.nn.metric.ClassReport;
import io.adjoint.nn.metric.ConfusionMatrix;
import io.adjoint.nn.train.Doctor;
import io.adjoint.nn.train.Evaluation;
import io.adjoint.nn.train.History;
import io.adjoint.nn.train.Log;
import io.adjoint.nn.train.Moment;
import io.adjoint.nn.train.Step;
import io.adjoint.nn.train.TrainingRun;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A report of a training as one HTML file, which loads nothing, so that you can send it to anybody: curves of all values, of the learning
 * rate and of the gradients' norms, for each layer the norm of its gradients and the relative size of its updates, results by class,
 * findings, times, settings, the model's parameters and the machine. Each chart has its table of numbers; where scripts run, it can be
 * enlarged and read point by point.
 *
 * <p>It is a log of a trainer, or of your own loop, and learns the rest afterwards:
 *
 * <pre>{@code
 * Report report = new Report("Digits").setting("seed", "1");
 * trainer.log(report).fit(batches, 40);
 * report.confusions(confusion, "zero", "one", …).findings(doctor).write(Path.of("digits.html"));
 * }</pre>
 *
 * <p>To continue its curves after a restart, make it a part of the checkpoints: {@code checkpoints.part("report", report)}.
 *
 * <p>A training computes the same bits with and without a report. More than 1,000 values of a name are thinned: each point of the chart and
 * of the table is the mean of as many consecutive values as the page says.
 *
 * <p>A setting changes this object and returns it. For one thread at a time.
 */
public final class Report implements Log, Stateful {
    private static final long STEPS_BETWEEN = 10;

    private final String title;
    final Recorded recorded = new Recorded();
    private long interval = STEPS_BETWEEN;
    private @Nullable LayerSizes layers;

    /**
     * An empty report.
     *
     * @throws IllegalArgumentException if the title is empty
     */
    public Report(String title) {
        this.title = Page.requireTitle(Report.class, title);
    }

    /** A report of values that were tracked: their curves and no more. */
    public static Report of(String title, History history) {
        return new Report(title).history(history);
    }

    /**
     * Shows all values of a history, in place of values with the same names: the history of a trainer has the values of a training from its
     * begin, also if it was continued from a checkpoint.
     */
    @CanIgnoreReturnValue
    public Report history(History history) {
        recorded.curves.replace(history);
        return this;
    }

    /**
     * Compares several runs: the chart of each value of the history has a curve for each run.
     *
     * <pre>{@code
     * new Report("Learning rates").run("0.1", fast).run("0.01", slow).write(Path.of("rates.html"));
     * }</pre>
     */
    @CanIgnoreReturnValue
    public Report run(String name, History history) {
        Objects.requireNonNull(name, "Report: the name of a run is null");
        for (String value : history.names()) {
            recorded.runs.computeIfAbsent(value, v -> new Curves()).replace(name, history, value);
        }
        return this;
    }

    /** Adds a line to the settings, such as the seed. A trainer's settings are there already. */
    @CanIgnoreReturnValue
    public Report setting(String name, Object value) {
        recorded.settings.put(
                Objects.requireNonNull(name, "Report: the name of a setting is null"), String.valueOf(value));
        return this;
    }

    /**
     * Measures the layers once in a number of steps, 10 by default; more rarely after 256 measurements. A measurement reads all parameters
     * and gradients, and copies the parameters. Your own loop calls {@link #step} before it clears the gradients of the step.
     *
     * @param steps the number of steps, at least 2; 0 for no measurements
     * @throws IllegalArgumentException if it is negative or 1
     */
    @CanIgnoreReturnValue
    public Report layersEvery(int steps) {
        if (steps < 0 || steps == 1) {
            throw new IllegalArgumentException(
                    "Report: layers are measured by two steps, so at one in 2 or more, or with 0 never; got " + steps);
        }
        interval = steps;
        return this;
    }

    /**
     * Shows a confusion matrix and the pairs of classes that are confused most.
     *
     * @param names the classes' names, none for their indices
     * @throws IllegalArgumentException if there are names, but not one for each class
     */
    @CanIgnoreReturnValue
    public Report confusions(ConfusionMatrix matrix, String... names) {
        recorded.confusions = Confusions.of(matrix.counts(), List.of(names));
        return this;
    }

    /**
     * Shows the values of an evaluation after the training, such as the test's, with the last values of the training. A further one by a
     * name replaces the one before.
     *
     * @param name the name of the data: {@code "test"} makes {@code test loss} and so on
     */
    @CanIgnoreReturnValue
    public Report evaluation(String name, Evaluation evaluation) {
        Objects.requireNonNull(name, "Report: the name of an evaluation is null");
        recorded.evaluations.put(name, evaluation);
        return this;
    }

    /** Shows the precision, recall and F1 score of each class. */
    @CanIgnoreReturnValue
    public Report classes(ClassReport report) {
        recorded.classes = report.toString();
        return this;
    }

    /** Shows the mistakes that were found so far, or that none was. */
    @CanIgnoreReturnValue
    public Report findings(Doctor doctor) {
        recorded.findings = doctor.findings();
        return this;
    }

    @Override
    public void start(TrainingRun run) {
        recorded.goOnFrom(run.at());
        recorded.settings.putAll(run.settings());
        recorded.environment.putAll(TrainingRun.environment());
        recorded.summary = run.model() + "\n\n" + run.summary();
        recorded.monitored = Objects.requireNonNullElse(run.monitored(), Recorded.VALIDATION);
        recorded.length = run.length();
        recorded.at = run.at();
        recorded.isRunning = true;
        recorded.failure = "";
        recorded.phases.begin();
        endMeasurement();
        if (interval > 0 && (layers == null || !layers.isOf(run.model()))) {
            layers = new LayerSizes(run.model(), interval);
        }
    }

    @Override
    public void step(Step step) {
        recorded.phases.end(Phases.TRAINING);
        recorded.phases.look(Phases.TRAINING);
        recorded.at = step.at();
        recorded.done = step.done();
        recorded.phases.progress(step.done());
        step.values()
                .forEach((name, value) -> recorded.curves.add(
                        Curves.STEP, name, (double) step.at().step(), value));
        if (layers != null) {
            double number = (double) step.at().step();
            layers.stepped(
                    step.at().step(),
                    (layer, norm) -> recorded.gradients.add(Curves.STEP, layer, number, norm),
                    (layer, quotient) -> recorded.updates.add(Curves.STEP, layer, number, quotient));
        }
    }

    @Override
    public void numbers(Moment at, Map<String, Double> values) {
        recorded.phases.end(Phases.EVALUATION);
        recorded.at = at;
        values.forEach((name, value) -> recorded.curves.add(Curves.STEP, name, (double) at.step(), value));
    }

    @Override
    public void epoch(Moment at, Map<String, Double> values) {
        recorded.phases.end(Phases.EVALUATION);
        recorded.phases.look(Phases.EVALUATION);
        recorded.at = at;
        values.forEach((name, value) -> {
            // A value that is also computed within epochs has one curve, over the steps.
            boolean isOfSteps = recorded.curves.has(Curves.STEP, name);
            recorded.curves.add(
                    isOfSteps ? Curves.STEP : Curves.EPOCH, name, isOfSteps ? (double) at.step() : at.epoch(), value);
        });
    }

    @Override
    public void text(Moment at, String name, String text) {
        recorded.texts.put(name, text);
    }

    @Override
    public void histogram(Moment at, String name, NdArray values) {
        recorded.histograms.put(name, Bins.of(values));
    }

    @Override
    public void picture(Moment at, String name, NdArray picture) {
        recorded.pictures.put(name, Png.of(picture));
    }

    @Override
    public void failure(Moment at, Throwable cause) {
        recorded.failure = cause.toString();
    }

    @Override
    public void end(Moment at) {
        recorded.at = at;
        recorded.isRunning = false;
        endMeasurement();
    }

    private void endMeasurement() {
        if (layers != null) {
            layers.close();
        }
    }

    /** The page as a text. */
    public String html() {
        return page().html();
    }

    /**
     * Writes the page to a file, as a whole or not at all; missing folders are made.
     *
     * @throws java.io.UncheckedIOException if it cannot be written
     */
    public void write(Path file) {
        page().write(file);
    }

    private Page page() {
        return new Page(title, recorded.about(), recorded.sections(), List.of("charts.js"), List.of(), false);
    }

    /** The page of a training that runs. */
    Page livePage(String about, List<Section> sections) {
        return new Page(title, about, sections, List.of("charts.js", "live.js"), List.of(), true);
    }

    /** Declares the curves as state. The rest is not saved: the report receives it again at the start of a training and after its end. */
    @Override
    public void declareState(StateFields fields) {
        fields.part("curves", recorded.curves::declareState);
        fields.part("gradients", recorded.gradients::declareState);
        fields.part("updates", recorded.updates::declareState);
    }

    /** {@code Report "Digits"}. */
    @Override
    public String toString() {
        return "Report \"" + title + "\"";
    }
}
