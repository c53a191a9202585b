// Long because each section of a report is shown in the same small training.
package io.adjoint.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.within;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.nn.Sequential;
import io.adjoint.nn.data.Batch;
import io.adjoint.nn.data.DataLoader;
import io.adjoint.nn.data.Dataset;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.layer.ReLU;
import io.adjoint.nn.loss.MSE;
import io.adjoint.nn.metric.ClassReport;
import io.adjoint.nn.metric.ConfusionMatrix;
import io.adjoint.nn.optim.Adam;
import io.adjoint.nn.optim.Goal;
import io.adjoint.nn.parallel.Collective;
import io.adjoint.nn.train.Doctor;
import io.adjoint.nn.train.Evaluation;
import io.adjoint.nn.train.Every;
import io.adjoint.nn.train.History;
import io.adjoint.nn.train.Moment;
import io.adjoint.nn.train.Step;
import io.adjoint.nn.train.Trainer;
import io.adjoint.nn.train.TrainingRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.regex.Pattern;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
    /** A training with all that a report shows. */
    static final class Training {
        final Generator rng = new Generator(1);
        final Sequential model = new Sequential(new Dense(2, 8, rng), new ReLU(), new Dense(8, 1, rng));
        final Tensor x = Tensor.randn(rng, 40, 2);
        final Tensor y = x.sum(1).sin().unsqueeze(1);
        final Adam optimizer = new Adam(model.parameters(), 0.01);
        final DataLoader<Batch> batches = new DataLoader<>(Dataset.of(x, y), 4).shuffle(rng);
        final Trainer<Batch> trainer = Trainer.of(model, optimizer, new MSE())
                .validate(List.of(new Batch(x, y)))
                .measureGradientNorm();
    }

    private static long count(String text, String part) {
        return Pattern.compile(Pattern.quote(part)).matcher(text).results().count();
    }

    @Test
    void theNumbersOfTheTableAreThoseOfTheTraining() {
        Training training = new Training();
        Report report = new Report("Small");
        History history = training.trainer.log(report).fit(training.batches, 3);

        String html = report.html();
        for (String name : history.names()) {
            for (double value : history.values(name)) {
                assertThat(html).as(name).contains("<td>" + NumberText.text(value));
            }
        }
        assertThat(html)
                .contains(
                        "<th scope=\"col\">epoch</th><th scope=\"col\">loss</th><th scope=\"col\">validation loss</th>")
                .contains("<th scope=\"row\">optimizer</th><td>" + training.optimizer)
                .contains("0.weight")
                .contains("<th scope=\"row\">processors</th>")
                .contains("Ended: epoch 3, step 30");
    }

    @Test
    void anEvaluationAfterTheTrainingStandsWithItsLastValues() {
        Training training = new Training();
        Report report = new Report("Test").evaluation("test", new Evaluation(Map.of("loss", 9.0), 1));
        training.trainer.log(report).fit(training.batches, 1);
        assertThat(report.html()).as("of another training").doesNotContain("test loss");

        report.evaluation("test", new Evaluation(Map.of("loss", 0.125), 4))
                .evaluation("<other>", new Evaluation(Map.of("F1", 0.5), 4));
        assertThat(report.html())
                .contains("<dt>test loss</dt><dd>0.125</dd>", "<dt>&lt;other&gt; F1</dt><dd>0.5</dd>", "Ended: ");
    }

    @Test
    void eachMetricHasARowUnlessATableRepeatsTheAccuracy() {
        Map<String, Double> values = new LinkedHashMap<>();
        values.put("Accuracy", 1.0);
        values.put("Precision", 1.0);
        values.put("ConfusionMatrix", 1.0);
        values.put("ClassReport", 0.5);
        String html =
                new Report("Rows").evaluation("test", new Evaluation(values, 4)).html();
        assertThat(html)
                .contains("<dt>test Accuracy</dt>", "<dt>test Precision</dt>", "<dt>test ClassReport</dt>")
                .doesNotContain("ConfusionMatrix");
    }

    @Test
    void theBestEpochIsFoundByTheMonitoredValue() {
        Training training = new Training();
        Report report = new Report("Monitored");
        training.trainer.monitor("loss", Goal.MAX).restoreBest().log(report).fit(training.batches, 2);
        assertThat(report.recorded.monitored).isEqualTo(new TrainingRun.Monitored("loss", Goal.MAX));
        assertThat(report.html()).contains("<dt>best loss</dt>");
    }

    @Test
    void layersAreMeasuredAtEachStepThatIsAsked() {
        Training training = new Training();
        Report report = new Report("Layers").layersEvery(10);
        Tensor weight = training.model.parameters().get(0);
        Tensor bias = training.model.parameters().get(1);
        double[] expected = new double[2];
        NdArray[] before = new NdArray[2];
        training.trainer.log(report).onBatch(loss -> {
            if (training.trainer.steps() == 9) {
                before[0] = weight.data().copy();
                before[1] = bias.data().copy();
                expected[0] = Math.hypot(gradient(weight), gradient(bias));
            }
        });
        training.trainer.onStep(() -> {
            if (training.trainer.steps() == 10) {
                expected[1] = Math.hypot(
                                norm(weight.data().sub(before[0])),
                                norm(bias.data().sub(before[1])))
                        / Math.hypot(norm(before[0]), norm(before[1]));
            }
        });
        training.trainer.fit(training.batches, 2);

        Curves gradients = report.recorded.gradients;
        assertThat(gradients.last()).containsOnlyKeys("0 Dense", "2 Dense");
        Training first = new Training();
        Report ten = new Report("Layers").layersEvery(10);
        first.trainer.log(ten).fit(first.batches, 1);
        assertThat(ten.recorded.gradients.last().get("0 Dense")).isCloseTo(expected[0], within(1e-12));
        assertThat(ten.recorded.updates.last().get("0 Dense")).isCloseTo(expected[1], within(1e-12));
    }

    @Test
    void layersHaveTheGradientOfTheStepNotThatOfAShard() {
        List<Double> norms = new ArrayList<>();
        for (int shards : new int[] {1, 4}) {
            Training training = new Training();
            Report report = new Report("Shards").layersEvery(2);
            training.trainer.log(report).parallel(Collective.alone(), shards).fit(training.batches, 1);
            norms.add(report.recorded.gradients.last().get("0 Dense"));
        }
        assertThat(norms.get(1)).isCloseTo(norms.get(0), within(1e-12));
    }

    @Test
    void aGradientThatIsNaNIsNoMissingOne() {
        Training training = new Training();
        Report report = new Report("NaN").layersEvery(2);
        training.trainer.log(report).onBatch(loss -> {
            if (training.trainer.steps() == 9) {
                Tensor bias = training.model.parameters().get(1);
                bias.setGrad(Tensor.of(NdArray.full(DType.FLOAT64, bias.shape(), Double.NaN)));
            }
        });
        training.trainer.fit(training.batches, 1);

        assertThat(report.recorded.gradients.last().get("0 Dense")).isNaN();
        assertThat(report.html()).contains("<dt>gradient norm</dt><dd>NaN</dd>");
    }

    @Test
    void aLayerWhoseWeightsAreNaNHasAnUpdateThatIsNaN() {
        Training training = new Training();
        Report report = new Report("NaN").layersEvery(2);
        Tensor bias = training.model.parameters().get(1);
        training.trainer.log(report).onBatch(loss -> {
            if (training.trainer.steps() == 5) {
                bias.assign(NdArray.full(DType.FLOAT64, bias.shape(), Double.NaN));
            }
        });
        training.trainer.fit(training.batches, 1);

        assertThat(report.recorded.updates.last().get("0 Dense")).isNaN();
    }

    private static double gradient(Tensor parameter) {
        return norm(Objects.requireNonNull(parameter.grad()).data());
    }

    private static double norm(NdArray array) {
        return array.vectorNorm(2).item();
    }

    @Test
    void aTrainingHasTheSameBitsWithAReportAndWithout() {
        Training plain = new Training();
        plain.trainer.fit(plain.batches, 4);
        Training reported = new Training();
        reported.trainer.log(new Report("Bits").layersEvery(2)).fit(reported.batches, 4);
        assertThat(reported.model.state()).isEqualTo(plain.model.state());
        assertThat(reported.optimizer.state()).isEqualTo(plain.optimizer.state());
    }

    @Test
    void aContinuedTrainingGoesOnWhereItWasSaved() {
        Report report = new Report("Resumed");
        Sequential model = new Training().model;
        report.start(TrainingRun.of(model, Map.of()));
        for (int step = 1; step <= 5; step++) {
            report.step(new Step(Moment.now(step, 0), step, 0.1, OptionalDouble.empty(), Double.NaN));
        }
        report.end(Moment.now(5, 0));
        report.start(new TrainingRun(Moment.now(3, 0), model, Map.of(), null));
        report.step(new Step(Moment.now(4, 0), 40, 0.1, OptionalDouble.empty(), Double.NaN));
        report.end(Moment.now(4, 0));

        assertThat(report.html())
                .contains("<tr><td>3<td>3<td>0.1<tr><td>4<td>40<td>0.1</tbody>")
                .doesNotContain("<tr><td>5");

        report.histogram(Moment.now(4, 0), "weight", model.parameters().get(0).data());
        report.start(TrainingRun.of(model, Map.of()));
        assertThat(report.html())
                .contains("There are no values yet.", "Running: epoch 0, step 0<")
                .doesNotContain("Distributions");
    }

    @Test
    void aStateHasAllCurves() {
        Training training = new Training();
        Report report = new Report("State").layersEvery(2);
        training.trainer.log(report).fit(training.batches, 3);
        Report loaded = new Report("State");
        loaded.load(report.state());
        assertThat(loaded.state()).isEqualTo(report.state());
        assertThat(curves(loaded)).isEqualTo(curves(report)).contains("<td>30<td>");

        Map<String, NdArray> broken = new HashMap<>(report.state());
        broken.put("curves.step.0.batch loss", NdArray.of(Shape.of(3), 1, 2, 3));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> loaded.load(broken))
                .withMessageContaining("'step.0.batch loss' is no series of a report");
        assertThat(loaded.state()).isEqualTo(report.state());
    }

    private static String curves(Report report) {
        ChartGrid grid = new ChartGrid();
        report.recorded.curves.addTo(grid, "a", null);
        report.recorded.updates.addTo(grid, "b", null);
        Markup markup = new Markup();
        grid.write(markup);
        return markup.toString();
    }

    @Test
    void runsAreComparedOnOneChartForEachValue() {
        History fast = new History();
        History slow = new History();
        for (int epoch = 1; epoch <= 3; epoch++) {
            fast.add("loss", 1.0 / epoch);
            slow.add("loss", 2.0 / epoch);
            slow.add("accuracy", epoch);
        }
        String html = new Report("Rates").run("0.1", fast).run("0.01", slow).html();
        assertThat(html)
                .contains("<th scope=\"col\">0.1</th><th scope=\"col\">0.01</th>")
                .contains("<tr><td>2<td>0.5<td>1<tr>")
                .contains("<strong>loss</strong>", "<strong>accuracy</strong>")
                .contains("<p>2 runs</p>", "<th scope=\"row\">0.01</th><td>0.66667</td><td>3</td>")
                .contains("<th scope=\"row\">0.1</th><td>0.33333</td><td></td>")
                .doesNotContain("There are no values yet.");
    }

    @Test
    void picturesAndFailuresAreShown() {
        Report report = new Report("Broken");
        report.picture(Moment.now(1, 1), "digit", NdArray.of(Shape.of(1, 2), 0, 1));
        report.failure(Moment.now(1, 1), new IllegalStateException("<no> data"));
        assertThat(report.html())
                .contains("<img alt=\"digit\" width=\"2\" height=\"1\" src=\"data:image/png;base64,iVBOR")
                .contains("ended by java.lang.IllegalStateException: &lt;no&gt; data");
    }

    @Test
    void resultsAreShownByClass() {
        ConfusionMatrix matrix = new ConfusionMatrix(3);
        Tensor target = Tensor.of(NdArray.of(Shape.of(6), new int[] {0, 0, 0, 1, 2, 2}));
        Tensor scores = Tensor.of(new double[][] {{1, 0, 0}, {0, 1, 0}, {0, 1, 0}, {0, 1, 0}, {0, 0, 1}, {1, 0, 0}});
        matrix.update(scores, target);
        ClassReport classes = new ClassReport();
        classes.update(scores, target);
        String html = new Report("Classes")
                .confusions(matrix, "cat", "dog", "<b>")
                .classes(classes)
                .html();
        assertThat(html)
                .contains(
                        "<li>cat taken for dog: 2 of 3 (66.7 %)</li><li>&lt;b&gt; taken for cat: 1 of 2 (50.0 %)</li>")
                .contains("<th scope=\"row\">cat</th><td class=\"right3\">1</td><td class=\"wrong5\">2</td>")
                .contains("weighted avg");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Report("Classes").confusions(matrix, "cat"))
                .withMessage("Report: got 1 names for the 3 classes of the matrix: [cat]");
    }

    @Test
    void theFindingsOfADoctorAreListed() {
        Training training = new Training();
        try (Doctor doctor = Doctor.watch(training.model)) {
            training.trainer.fit(training.batches, 1);
            assertThat(new Report("Sound").findings(doctor).html()).contains("No mistake was found.");
        }
    }

    @Test
    void distributionsHaveAllTheirNumbers() {
        NdArray values = NdArray.of(Shape.of(4), 0, 0.1, 1, Double.NaN);
        Report report = new Report("Weights");
        report.histogram(Moment.now(1, 1), "weight", values);
        report.text(Moment.now(1, 1), "note", "a < b\nc");
        assertThat(Objects.requireNonNull(report.recorded.histograms.get("weight"))
                        .counts())
                .hasSize(30)
                .containsOnly(1, 1, 1, 0);
        assertThat(report.html()).contains("1 that aren&#39;t finite").contains("a &lt; b\nc</pre>");
        assertThat(Bins.of(NdArray.of(Shape.of(2), 5, 5)).counts()).containsExactly(2);
        assertThat(Bins.of(NdArray.of(Shape.of(2), -Double.MAX_VALUE, Double.MAX_VALUE))
                        .counts())
                .contains(1, 1);
        report.histogram(Moment.now(1, 1), "nothing", NdArray.zeros(DType.FLOAT64, Shape.of(0)));
        assertThat(report.html()).contains("No number is finite.");
    }

    /** Names come from users, and values from broken trainings. */
    @Property
    void anyNamesAndValuesMakeAPage(@ForAll List<String> names, @ForAll List<Double> values) {
        Report report = new Report(names.toString());
        int place = 1;
        for (String name : names) {
            report.setting(name, name);
            for (double value : values) {
                report.numbers(Moment.now(place++, 0), Map.of(name, value));
            }
        }
        String html = report.html();
        assertThat(count(html, "<script>")).isEqualTo(1);
        assertThat(count(html, "<section ")).isEqualTo(count(html, "</section>"));
        assertThat(html).doesNotContainPattern("d=\"[^\"]*(NaN|Infinity)");
    }

    @Test
    void aLongTrainingMakesASmallPage(@TempDir Path folder) throws Exception {
        Random random = new Random(1);
        History history = new History();
        for (int epoch = 0; epoch < 1000; epoch++) {
            for (int k = 0; k < 20; k++) {
                history.add("value " + k, random.nextGaussian());
            }
        }
        Path file = folder.resolve("report.html");
        Report.of("Long", history).write(file);
        assertThat(Files.size(file)).isLessThan(500_000);
    }

    @Test
    void theLossOfATrainingThatDivergesIsNotTheLastFiniteOne() {
        Report report = new Report("Diverged");
        report.start(TrainingRun.of(new Training().model, Map.of()));
        report.step(new Step(Moment.now(1, 0), 1, 0.1, OptionalDouble.empty(), Double.NaN));
        report.step(new Step(Moment.now(2, 0), Double.NaN, 0.1, OptionalDouble.empty(), Double.NaN));
        assertThat(report.html())
                .contains("<dt>batch loss</dt><dd>NaN</dd>")
                .contains("<tr><td>2<td>NaN<td>0.1")
                .doesNotContain("<dt>gradient norm</dt>");
    }

    @Test
    void aLoopThatDoesNotSayWhenItStartsHasNoTimes() {
        Report report = new Report("No start");
        report.step(new Step(Moment.now(1, 0), 1, 0.1, OptionalDouble.empty(), Double.NaN));
        report.epoch(Moment.now(1, 1), Map.of("loss", 1.0));
        assertThat(report.html()).contains("<p>Ended: epoch 1, step 1</p>").doesNotContain("Time and memory");
    }

    @Test
    @SuppressWarnings("NullAway") // code without null checks may pass null
    void aNameThatIsNullIsRefusedAtOnce() {
        Report report = new Report("Null");
        assertThatNullPointerException()
                .isThrownBy(() -> report.setting(null, 1))
                .withMessage("Report: the name of a setting is null");
        assertThatNullPointerException()
                .isThrownBy(() -> report.run(null, new History()))
                .withMessage("Report: the name of a run is null");
        assertThat(report.html()).contains("There are no values yet.");
    }

    @Test
    void aLineBreakInANameIsCarriedOn() {
        Report report = new Report("Names");
        report.numbers(Moment.now(1, 0), Map.of("a\nb", 1.0));
        Report loaded = new Report("Names");
        loaded.load(report.state());
        assertThat(loaded.state()).isEqualTo(report.state());
    }

    @Test
    void stepsAreTwoOrMoreApart() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Report("a").layersEvery(1))
                .withMessageContaining("got 1");
    }

    @Test
    void aValueThatIsComputedWithinEpochsAndAtTheirEndHasOneCurve() {
        Report report = new Report("One curve");
        report.numbers(Moment.now(3, 0), Map.of("often loss", 3.0));
        report.epoch(Moment.now(5, 1), Map.of("often loss", 5.0, "loss", 1.0));
        assertThat(report.html())
                .contains("<tr><td>3<td>3<tr><td>5<td>5</tbody>")
                .contains("<dt>often loss</dt><dd>5</dd>")
                .contains("<tr><td>1<td>1</tbody>");
    }

    @Test
    void valuesByStepAndByEpochHaveTheirAxes() {
        Training training = new Training();
        Report report = new Report("Axes");
        training.trainer
                .validate("often", List.of(new Batch(training.x, training.y)), Every.steps(5))
                .log(report)
                .fit(training.batches, 1);
        assertThat(report.html())
                .contains("Numbers by epoch</summary>")
                .contains("Numbers by step</summary>")
                .contains("<strong>loss</strong>");
    }
}
