package io.adjoint.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Edge;
import io.adjoint.autograd.GraphException;
import io.adjoint.autograd.GraphMode;
import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.view.ChainRule;
import io.adjoint.autograd.view.ChainRule.Flow;
import io.adjoint.autograd.view.ChainRule.Vertex;
import io.adjoint.autograd.view.GraphView;
import io.adjoint.core.DType;
import io.adjoint.core.Generator;
import io.adjoint.nn.Sequential;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.optim.LBFGS;
import io.adjoint.nn.optim.SGD;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChainRulePageTest {
    private static final String MALICE = "</script><img src=x onerror=alert(1)>\"'&\u0000\u202E\n";

    private static List<Tensor> leaves(SplittableRandom random) {
        return List.of(
                Tensor.uniform(-2, 2, random, 2, 3).requiresGrad(true),
                Tensor.uniform(-2, 2, random, 3).requiresGrad(true),
                Tensor.uniform(-2, 2, random).requiresGrad(true));
    }

    /** A loss of a few steps that share inputs, broadcast, branch by values, and use a custom operation. */
    private static Tensor loss(long seed, List<Tensor> leaves) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Tensor> wholes = new ArrayList<>(List.of(leaves.get(0)));
        for (int step = 0; step < 6; step++) {
            Tensor a = wholes.get(random.nextInt(wholes.size()));
            Tensor b = wholes.get(random.nextInt(wholes.size()));
            wholes.add(
                    switch (random.nextInt(7)) {
                        case 0 -> a.mul(b);
                        case 1 -> a.add(leaves.get(1)).tanh();
                        case 2 -> a.mul(leaves.get(2));
                        case 3 -> a.sum().item() > 0 ? a.sub(b.mul(0.5)) : b.sigmoid();
                        case 4 -> a.matmul(b.transpose()).matmul(a).tanh();
                        case 5 -> Autograd.op("doubled", a.data().mul(2), Edge.edge(a, g -> g.mul(2)));
                        default -> a.softmax(1).mul(b);
                    });
        }
        Tensor sum = wholes.get(wholes.size() - 1).mean();
        return sum.add(leaves.get(1).sum().mul(leaves.get(2))).add(leaves.get(0).sum());
    }

    /** The elements in a page's data for the box with the given title. */
    private static double[] data(String html, String title, String which) {
        Matcher found = Pattern.compile("\"title\":\"" + Pattern.quote(title) + "\"[^{}]*?\"" + which + "\":\\[(.*?)]")
                .matcher(html);
        assertThat(found.find()).as(title).isTrue();
        return Arrays.stream(found.group(1).split(","))
                .mapToDouble(Double::parseDouble)
                .toArray();
    }

    @Property
    void theNumbersOfThePageAreThoseOfABackwardPass(@ForAll long seed) {
        List<Tensor> leaves = leaves(new SplittableRandom(seed));
        String html = ChainRulePage.of(() -> loss(seed, leaves))
                .name("a", leaves.get(0))
                .name("b", leaves.get(1))
                .name("s", leaves.get(2))
                .html();
        loss(seed, leaves).backward();
        int k = 0;
        for (String name : List.of("a", "b", "s")) {
            Tensor leaf = leaves.get(k++);
            assertThat(data(html, name, "elements")).isEqualTo(leaf.data().toDoubleArray());
            assertThat(data(html, name, "gradElements"))
                    .isEqualTo(Objects.requireNonNull(leaf.grad()).data().toDoubleArray());
        }
        assertThat(html).doesNotContain("✗ differ");
    }

    @Property
    void partsAddUpToGradientsAndTermsToParts(@ForAll long seed) {
        assertPartsAndTermsAddUp(seed);
    }

    /** One of the computations for this seed has a softmax so near 1 that its derivatives are mostly rounding. */
    @ParameterizedTest
    @ValueSource(longs = 19790)
    void termsOfASoftmaxOfNearlyOneAreShown(long seed) {
        assertPartsAndTermsAddUp(seed);
    }

    private static void assertPartsAndTermsAddUp(long seed) {
        List<Tensor> leaves = leaves(new SplittableRandom(seed));
        ChainRule rule = ChainRule.of(ChainRule.record("test", () -> loss(seed, leaves)));
        for (Vertex vertex : rule.vertices()) {
            if (vertex.arrived().isEmpty()) {
                continue;
            }
            List<Double> gradient = vertex.gradient().orElseThrow().elements();
            for (int e = 0; e < gradient.size(); e++) {
                double sum = 0;
                double size = 0;
                for (Flow part : vertex.arrived()) {
                    sum += part.gradient().elements().get(e);
                    size += Math.abs(part.gradient().elements().get(e));
                    double terms = part.terms().get(e).stream()
                            .mapToDouble(term -> term.upstream() * term.local())
                            .sum();
                    // The derivative of a softmax of nearly 1 is a difference whose rounding is that of numbers about
                    // 1.
                    double rounding = part.terms().get(e).stream()
                            .mapToDouble(term -> Math.abs(term.upstream()) * (1e-12 * Math.abs(term.local()) + 0x1p-48))
                            .sum();
                    assertThat(terms).isCloseTo(part.gradient().elements().get(e), within(rounding));
                }
                assertThat(gradient.get(e)).isCloseTo(sum, within(1e-14 * size));
            }
        }
    }

    @Test
    void lookingLeavesParametersGradientsAndGraphsAlone() {
        List<Tensor> leaves = leaves(new SplittableRandom(1));
        double[] before = leaves.get(0).data().toDoubleArray();
        assertThat(ChainRulePage.of(() -> loss(1, leaves)).html()).contains("✓ agree");
        assertThat(leaves.get(0).data().toDoubleArray()).isEqualTo(before);
        assertThat(leaves.get(0).grad()).isNull();
    }

    @Test
    void gradientsOfGradientsAreShownStepByStep() {
        Tensor x = Tensor.of(0.5, -1.5).requiresGrad(true);
        Supplier<Tensor> penalty = () -> {
            Tensor y = x.square().mul(x).sum();
            return Autograd.grad(y, GraphMode.CREATE, x).square().sum();
        };
        String html = ChainRulePage.of(penalty).name("x", x).html();
        penalty.get().backward();
        // (3x²)² has the derivative 36x³.
        assertThat(data(html, "x", "gradElements"))
                .isEqualTo(Objects.requireNonNull(x.grad()).data().toDoubleArray())
                .containsExactly(new double[] {36 * 0.125, 36 * -3.375}, within(1e-12));
        assertThat(html).doesNotContain("✗ differ");
    }

    @Test
    void pagesOfTheDocumentsAgreeWithDifferencesUnlessTheirRuleIsWrong() throws Exception {
        for (Map.Entry<String, ChainRulePage> page : ChainRulePages.all().entrySet()) {
            Path file = ChainRulePages.write(page.getKey(), page.getValue());
            String html = Files.readString(file);
            boolean isWrong = page.getKey().equals("wrong-rule");
            assertThat(html.contains("✗ differ")).as(page.getKey()).isEqualTo(isWrong);
            assertThat(html.contains("✓ agree")).as(page.getKey()).isNotEqualTo(isWrong);
        }
    }

    @Test
    void trainingShowsTheLossFall() {
        Tensor w = Tensor.scalar(2).requiresGrad(true);
        String html = ChainRulePage.training(3, w::square, new SGD(List.of(w), 0.25))
                .name("w", w)
                .html();
        assertThat(html)
                .contains(
                        " in training step <span id=\"number\">1</span>; in the last one, 3, it is 0.25",
                        "id=\"s2-0\"",
                        "<option value=\"1\" data-number=\"2\">2 (L = 1)</option>");
        assertThat(w.item()).isEqualTo(0.25);
    }

    @Test
    void anOptimizerThatEvaluatesTheLossItselfTrains() {
        Tensor w = Tensor.scalar(2).requiresGrad(true);
        assertThat(ChainRulePage.training(2, w::square, new LBFGS(List.of(w))).html())
                .contains("<option value=\"1\" data-number=\"2\">2 (L = ");
        assertThat(Math.abs(w.item())).isLessThan(1);
    }

    @Test
    void updatesOfSeveralStepsAreNumberedByTheirSteps() {
        Tensor w = Tensor.scalar(2).requiresGrad(true);
        ChainRulePage page = ChainRulePage.training(3, w::square, new SGD(List.of(w), 0.25));
        assertThat(page.every(500).html())
                .contains(">501 (L = 1)</option>", ">1001 (L = 0.25)</option>", "in the last one, 1001, it is 0.25");
        assertThatIllegalArgumentException().isThrownBy(() -> page.every(0)).withMessageContaining("at least 1");
    }

    @Test
    void denseIsWrittenWithItsWeightAndBias() {
        Tensor x = Tensor.of(new double[][] {{1, 2}});
        Generator rng = new Generator(1);
        String html = ChainRulePage.of(() -> new Dense(2, 1, rng)
                        .forward(x)
                        .add(Dense.withoutBias(2, 1, rng).forward(x))
                        .sum())
                .html();
        assertThat(html).contains("<dd>y = x·Wᵀ + b</dd>", "<dd>y = x·Wᵀ</dd>");
    }

    @Test
    void aLossThatWasRecordedBeforeIsRefused() {
        Tensor w = Tensor.scalar(2).requiresGrad(true);
        Tensor loss = w.square();
        assertThatThrownBy(() -> ChainRulePage.of(() -> loss))
                .isInstanceOf(GraphException.class)
                .hasMessage("ChainRulePage: the recorded graph holds no values; compute the loss within the function,"
                        + " as in ChainRulePage.of(() -> loss(x))");
        assertThat(ChainRulePage.of(() -> w).html()).contains("✓ agree");
    }

    @Test
    void namedTensorsThatNoPathReachesAreListed() {
        Tensor x = Tensor.of(new double[][] {{1, 2}});
        Generator rng = new Generator(1);
        Dense hidden = new Dense(2, 2, rng);
        Dense output = new Dense(2, 1, rng);
        Sequential network = new Sequential(hidden, output);
        Supplier<Tensor> loss = () -> output.forward(hidden.forward(x).detach()).sum();
        assertThat(ChainRulePage.of(loss).names(network).name("x", x).html())
                .contains(">0.weight, 0.bias: no path from L leads to them (detached, or not used)<");
        assertThat(ChainRulePage.of(loss).names(output).html()).doesNotContain("no path from");
    }

    @Test
    void foldedBlocksAreNamedWithTheirLayers() {
        Tensor x = Tensor.of(new double[][] {{1, 2}});
        Sequential network = new Sequential(new Dense(2, 1, new Generator(1)));
        assertThat(ChainRulePage.of(() -> network.forward(x).sum()).html())
                .contains("\"layers\":{\"0\":\"0: Dense(2 -> 1)\"}");
    }

    @Test
    void textsOfUsersAreNoMarkup() {
        Tensor x = Tensor.scalar(2).requiresGrad(true);
        String html = ChainRulePage.of(() -> Autograd.op(MALICE, x.data().mul(2), Edge.edge(x, g -> g.mul(2))))
                .name(MALICE, x)
                .title(MALICE)
                .about(MALICE)
                .html();
        assertThat(html).doesNotContain("<img", "\u0000", "\u202E");
        assertThat(html.split("<script", -1)).hasSize(6);
        assertThat(html.split("</script", -1)).hasSize(6);
        String longer = ChainRulePage.of(
                        () -> Autograd.op("o".repeat(10_000), x.data().mul(2), Edge.edge(x, g -> g.mul(2))))
                .name("n".repeat(10_000), x)
                .html();
        assertThat(longer.length()).isLessThan(400_000);
    }

    @Test
    void hundredsOfTensorsAreWrittenInSeconds() {
        long start = System.nanoTime();
        String html = ChainRulePages.deep().html();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(30));
        assertThat(html.split("\"title\":", -1).length).isGreaterThan(500);
        assertThat(html.length()).isLessThan(3_000_000);
    }

    @Test
    void saysWhyThereAreNoDifferences() {
        Tensor x = Tensor.of(1, 2).to(DType.FLOAT32).requiresGrad(true);
        assertThat(ChainRulePage.of(() -> x.square().sum()).html()).contains("Differences need FLOAT64");
        Tensor transposed = Tensor.of(Tensor.of(new double[][] {{1, 2}, {3, 4}})
                        .data()
                        .transpose())
                .requiresGrad(true);
        assertThat(ChainRulePage.of(() -> transposed.square().sum()).html())
                .contains("Differences need contiguous leaves");
        Generator rng = new Generator(1);
        Tensor y = Tensor.of(1, 2).requiresGrad(true);
        assertThat(ChainRulePage.of(() -> y.mul(Tensor.uniform(0, 1, rng, 2)).sum())
                        .html())
                .contains("Draw random numbers from a generator that begins anew");
        int[] runs = {0};
        assertThat(ChainRulePage.of(() -> y.sum().add(runs[0]++ < 2 ? 0 : 1)).html())
                .as("two runs that give one number by chance")
                .contains("Draw random numbers from a generator that begins anew")
                .doesNotContain("isn&#39;t the slope");
    }

    @Test
    void refusesWhatHasNoChainRule() {
        Tensor x = Tensor.of(1, 2).requiresGrad(true);
        assertThatThrownBy(() -> ChainRulePage.of(x::square))
                .isInstanceOf(GraphException.class)
                .hasMessage(
                        "ChainRulePage: only a scalar that requires grad has a chain rule, but the result of 'square'"
                                + " has shape [2]; reduce it, e.g. with sum()");
        assertThatThrownBy(() -> ChainRulePage.of(() -> Tensor.scalar(1).square()))
                .isInstanceOf(GraphException.class)
                .hasMessageContaining("depends on no tensor that requires grad");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ChainRulePage.training(0, () -> x.sum(), () -> {}))
                .withMessage("ChainRulePage: a page shows 1 to 100 training steps, but got 0");
    }

    @Test
    void aGraphIsDrawnWithItsText(@TempDir Path folder) throws Exception {
        Dense dense = new Dense(2, 2, new Generator(1));
        GraphView view = GraphView.of(dense.forward(Tensor.of(1, 2)));
        Path file = folder.resolve("graph.html");
        GraphPage.of(view).title("<Dense>").write(file);
        assertThat(file).content().contains("&lt;Dense&gt;", "\"inputs\":[", "Text", "= dense ");
    }

    @Test
    void aDisagreementHasItsLikelyCause() {
        Tensor x = Tensor.of(0.0).requiresGrad(true);
        assertThat(ChainRulePage.of(() -> x.relu().sum()).html())
                .contains("isn&#39;t the slope of L", "kink: at exactly this value");
        Tensor y = Tensor.of(0.5).requiresGrad(true);
        assertThat(ChainRulePage.of(() -> y.mul(0).add(y.detach().square()).sum())
                        .html())
                .contains("constant: by the backward rules nothing depends on it");
    }

    @Test
    void aLossWhoseRoundingHidesDifferencesHasAPageThatSaysSo() {
        Tensor x = Tensor.of(0.5).requiresGrad(true);
        assertThat(ChainRulePage.of(() -> x.square().add(1e17).sum()).html())
                .contains("hides differences")
                .doesNotContain("isn&#39;t the slope");
    }
}
