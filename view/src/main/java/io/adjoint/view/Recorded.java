package io.adjoint.view;

import io.adjoint.nn.metric.Accuracy;
import io.adjoint.nn.metric.ClassReport;
import io.adjoint.nn.metric.ConfusionMatrix;
import io.adjoint.nn.optim.Goal;
import io.adjoint.nn.train.Evaluation;
import io.adjoint.nn.train.Finding;
import io.adjoint.nn.train.Length;
import io.adjoint.nn.train.Moment;
import io.adjoint.nn.train.Trainer;
import io.adjoint.nn.train.TrainingRun;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The content of a report: everything recorded of a training, and the page sections that show it. */
final class Recorded {
    /** The number of layers in a chart. */
    private static final int LAYERS = 8;

    static final TrainingRun.Monitored VALIDATION = new TrainingRun.Monitored(Trainer.VALIDATION_LOSS, Goal.MIN);

    /** Metrics that have the value of an accuracy besides their tables. */
    private static final Set<String> TABLES =
            Set.of(ConfusionMatrix.class.getSimpleName(), ClassReport.class.getSimpleName());

    final Map<String, String> settings = new LinkedHashMap<>();
    final Map<String, String> environment = new LinkedHashMap<>();
    final Map<String, String> texts = new LinkedHashMap<>();
    final Map<String, Bins> histograms = new LinkedHashMap<>();
    final Map<String, Png> pictures = new LinkedHashMap<>();
    String summary = "";
    /** The value by which the best epoch is found: the validation's loss if a training monitors none. */
    TrainingRun.Monitored monitored = VALIDATION;

    Curves curves = new Curves();
    /** The curves of several runs for comparison: by the name of a value, such as the loss, and then by the name of the run. */
    final Map<String, Curves> runs = new LinkedHashMap<>();

    Curves gradients = new Curves();
    Curves updates = new Curves();
    Phases phases = new Phases(System::nanoTime);

    @Nullable
    Moment at;

    @Nullable
    Length length;

    double done = Double.NaN;
    boolean isRunning;
    /** The failure that ended the training, in one line; empty if there is none. */
    String failure = "";

    /** The evaluations after the training, by the names of their data. */
    final Map<String, Evaluation> evaluations = new LinkedHashMap<>();

    @Nullable
    Confusions confusions;

    String classes = "";

    @Nullable
    List<Finding> findings;

    /** An independent copy. */
    Recorded copy() {
        Recorded copy = new Recorded();
        copy.settings.putAll(settings);
        copy.environment.putAll(environment);
        copy.texts.putAll(texts);
        copy.histograms.putAll(histograms);
        copy.pictures.putAll(pictures);
        runs.forEach((name, curvesOfRuns) -> copy.runs.put(name, curvesOfRuns.copy()));
        copy.summary = summary;
        copy.monitored = monitored;
        copy.curves = curves.copy();
        copy.gradients = gradients.copy();
        copy.updates = updates.copy();
        copy.phases = phases.copy();
        copy.at = at;
        copy.length = length;
        copy.done = done;
        copy.isRunning = isRunning;
        copy.failure = failure;
        copy.evaluations.putAll(evaluations);
        copy.confusions = confusions;
        copy.classes = classes;
        copy.findings = findings;
        return copy;
    }

    /**
     * Removes the values recorded after the moment from which a training continues. If this moment is the beginning of the training, also
     * removes all other results of an earlier training.
     */
    void goOnFrom(Moment moment) {
        done = Double.NaN;
        List<Curves> all = List.of(curves, gradients, updates);
        if (moment.step() > 0 || moment.epoch() > 0) {
            all.forEach(some -> some.cut(moment));
            return;
        }
        all.forEach(Curves::clear);
        List.of(histograms, pictures, texts).forEach(Map::clear);
        phases = new Phases(System::nanoTime);
        evaluations.clear();
        confusions = null;
        classes = "";
        findings = null;
    }

    /** Returns whether the report only compares runs, without a training of its own. */
    private boolean isComparison() {
        return !runs.isEmpty() && at == null && curves.isEmpty();
    }

    private Set<String> namesOfRuns() {
        Set<String> names = new LinkedHashSet<>();
        runs.values().forEach(curvesOfRuns -> names.addAll(curvesOfRuns.last().keySet()));
        return names;
    }

    /** The line below the page's heading: the state, epoch, step and duration of the training. */
    String about() {
        if (isComparison()) {
            int number = namesOfRuns().size();
            return number == 1 ? "One run" : number + " runs";
        }
        StringBuilder text = new StringBuilder(isRunning ? "Running" : "Ended");
        if (at != null) {
            text.append(": epoch ").append(at.epoch()).append(", step ").append(at.step());
        }
        if (isRunning && !Double.isNaN(done)) {
            text.append(", ").append(Math.round(100 * done)).append(" % done");
        }
        if (!phases.isEmpty()) {
            text.append(", ").append(NumberText.duration(phases.seconds()));
        }
        double left = phases.left(done);
        if (isRunning && !Double.isNaN(left)) {
            text.append(", about ").append(NumberText.duration(left)).append(" left");
        }
        return text.toString();
    }

    /** The sections of the page, without sections that would be empty. */
    List<Section> sections() {
        return Stream.of(
                        section(!isComparison(), "result", "Result", this::writeResult),
                        section(!curves.isEmpty(), "curves", "Curves", this::writeCurves),
                        section(!runs.isEmpty(), "runs", "Runs", this::writeRuns),
                        section(!gradients.isEmpty() || !updates.isEmpty(), "layers", "Layers", this::writeLayers),
                        section(confusions != null || !classes.isEmpty(), "classes", "Classes", this::writeClasses),
                        section(findings != null, "findings", "Findings of the Doctor", this::writeFindings),
                        section(!histograms.isEmpty(), "histograms", "Distributions", this::writeHistograms),
                        section(!pictures.isEmpty(), "pictures", "Pictures", this::writePictures),
                        section(!texts.isEmpty(), "texts", "Notes", this::writeTexts),
                        section(!phases.isEmpty(), "time", "Time and memory", markup -> phases.write(markup)),
                        section(!settings.isEmpty(), "settings", "Settings", markup -> facts(markup, settings)),
                        section(
                                !summary.isEmpty(),
                                "model",
                                "Model",
                                markup -> pre(markup, "Summary of the model", summary)),
                        section(
                                !environment.isEmpty(),
                                "environment",
                                "Environment",
                                markup -> facts(markup, environment)))
                .flatMap(Optional::stream)
                .toList();
    }

    private static Optional<Section> section(boolean isShown, String id, String title, Consumer<Markup> body) {
        return isShown ? Optional.of(Section.of(id, title, body)) : Optional.empty();
    }

    private void writeResult(Markup markup) {
        // This hidden element repeats the line below the page's heading: the script of a live page copies the line from
        // here.
        markup.element("p", about(), "id=about", "hidden");
        if (!failure.isEmpty()) {
            markup.element("p", "✗ The training was ended by " + failure, "class=wrong");
        }
        Map<String, String> last = new LinkedHashMap<>();
        curves.last().forEach((name, value) -> last.put(name, NumberText.text(value)));
        evaluations.forEach((data, evaluation) -> {
            Map<String, Double> values = evaluation.values();
            Double accuracy = values.get(Accuracy.class.getSimpleName());
            values.forEach((name, value) -> {
                if (!(TABLES.contains(name) && value.equals(accuracy))) {
                    last.put(data + " " + name, NumberText.text(value));
                }
            });
        });
        String best = curves.best(monitored);
        if (best != null) {
            last.put("best " + monitored.name(), best);
        }
        if (last.isEmpty()) {
            markup.element("p", "There are no values yet.");
        } else {
            markup.open("dl", "class=values");
            last.forEach((name, value) ->
                    markup.open("div").element("dt", name).element("dd", value).close());
            markup.close();
        }
    }

    private void writeCurves(Markup markup) {
        ChartGrid grid = new ChartGrid();
        curves.addTo(grid, "curves", monitored);
        grid.write(markup);
    }

    private void writeRuns(Markup markup) {
        markup.open("div", "class=wide", "tabindex=0", "role=region", "aria-label=Last values");
        markup.open("table").element("caption", "Last values");
        markup.head(Stream.concat(Stream.of("run"), runs.keySet().stream()).toList());
        for (String run : namesOfRuns()) {
            markup.open("tr").element("th", run, "scope=row");
            runs.values().forEach(curvesOfRuns -> {
                Double last = curvesOfRuns.last().get(run);
                markup.element("td", last == null ? "" : NumberText.text(last));
            });
            markup.close();
        }
        markup.close().close().close();
        ChartGrid grid = new ChartGrid();
        int number = 0;
        for (Map.Entry<String, Curves> value : runs.entrySet()) {
            value.getValue().addTo(grid, "run-" + number++, value.getKey(), LineChart.MOST_LINES);
        }
        grid.write(markup);
    }

    private void writeLayers(Markup markup) {
        markup.element(
                "p",
                "A layer is a block with parameters of its own. Update ÷ weight is the norm of one step's change divided by that of"
                        + " the parameters before it; sound trainings are often near 0.001.");
        ChartGrid grid = new ChartGrid();
        gradients.addTo(grid, "gradients", "Norm of gradients", LAYERS);
        updates.addTo(grid, "updates", "Update ÷ weight", LAYERS);
        grid.write(markup);
    }

    private void writeClasses(Markup markup) {
        markup.open("div", "class=beside");
        if (confusions != null) {
            confusions.write(markup);
        }
        if (!classes.isEmpty()) {
            markup.open("div").element("h3", "Report of classes");
            pre(markup, "Report of classes", classes);
            markup.close();
        }
        markup.close();
    }

    private void writeFindings(Markup markup) {
        List<Finding> all = findings == null ? List.of() : findings;
        if (all.isEmpty()) {
            markup.element("p", "No mistake was found.");
            return;
        }
        markup.open("ul");
        all.forEach(finding -> markup.element("li", finding.toString()));
        markup.close();
    }

    private void writeHistograms(Markup markup) {
        markup.open("div", "class=charts");
        int number = 0;
        for (Map.Entry<String, Bins> histogram : histograms.entrySet()) {
            histogram.getValue().write(markup, "histogram-" + number++, histogram.getKey());
        }
        markup.close();
    }

    private void writePictures(Markup markup) {
        markup.open("div", "class=charts");
        pictures.forEach((name, picture) -> {
            markup.open("figure").element("figcaption", name);
            markup.empty(
                    "img",
                    "alt=" + name,
                    "width=" + picture.width(),
                    "height=" + picture.height(),
                    "src=data:image/png;base64," + Base64.getEncoder().encodeToString(picture.bytes()));
            markup.close();
        });
        markup.close();
    }

    private void writeTexts(Markup markup) {
        texts.forEach((name, text) -> {
            markup.element("h3", name);
            pre(markup, name, text);
        });
    }

    static void facts(Markup markup, Map<String, String> facts) {
        markup.open("table", "class=facts").open("tbody");
        facts.forEach((name, value) -> markup.open("tr")
                .element("th", name, "scope=row")
                .element("td", value)
                .close());
        markup.close().close();
    }

    private static void pre(Markup markup, String label, String text) {
        markup.element("pre", text, "tabindex=0", "role=region", "aria-label=" + label);
    }
}
