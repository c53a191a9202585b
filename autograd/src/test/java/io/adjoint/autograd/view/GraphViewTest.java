package io.adjoint.autograd.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Debug;
import io.adjoint.autograd.Edge;
import io.adjoint.autograd.GraphException;
import io.adjoint.autograd.GraphMode;
import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.transforms.Transforms;
import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class GraphViewTest {
    private final Tensor w = Tensor.scalar(0.5).requiresGrad(true);
    private final Tensor x = Tensor.scalar(0.8);

    private Tensor loss() {
        return w.mul(x).sigmoid().square();
    }

    private GraphView view() {
        return GraphView.of(this::loss).name("w", w);
    }

    private static Tensor chain(Tensor from, int length, UnaryOperator<Tensor> step) {
        Tensor y = from;
        for (int k = 0; k < length; k++) {
            y = step.apply(y);
        }
        return y;
    }

    // ---- text ----

    @Test
    void textHasALineForEachTensor() {
        Tensor a = Tensor.zeros(2, 3).requiresGrad(true);
        Tensor b = Tensor.zeros(3).requiresGrad(true);
        assertThat(GraphView.of(a.exp().mul(b).sum())).hasToString("""
                %1 = leaf [2, 3]
                %2 = leaf [3]
                %3 = exp [2, 3] (%1)
                %4 = mul [2, 3] (%3, %2)
                %5 = sum [] (%4)
                """);
    }

    @Test
    void aViewOfAComputationHasConstantsValuesAndGradients() {
        assertThat(view().text()).isEqualTo("""
                %w = leaf []          value 0.5       grad 0.230146
                %2 = constant []      value 0.8
                %3 = mul [] (%w, %2)  value 0.4       grad 0.287682
                %4 = sigmoid [] (%3)  value 0.598688  grad 1.19738
                %5 = square [] (%4)   value 0.358427  grad 1
                """);
    }

    @Test
    void aViewOfATensorShowsWhatIsAtHand() {
        Tensor loss = loss();
        GraphView view = GraphView.of(loss).name("w", w);
        assertThat(view.text()).startsWith("%w = leaf []          value 0.5\n%2 = mul [] (%w)\n");
        loss.backward();
        assertThat(view.text()).startsWith("%w = leaf []          value 0.5  grad 0.230146\n%2 = mul [] (%w)\n");
    }

    @Test
    void aFusedOperationPassesEachGradientOnce() {
        Tensor y = Transforms.fused(t -> t.mul(3), w);
        assertThat(GraphView.of(() -> y.sum()).text()).startsWith("%1 = leaf []                   grad 3\n");
    }

    @Test
    void textTellsDtypesLayersAndWhatLargeTensorsAreLike() {
        Tensor f = Tensor.full(DType.FLOAT32, -1, 4, 4).requiresGrad(true);
        assertThat(GraphView.of(() -> Debug.within("encoder.0", f::exp)).text()).isEqualTo("""
                %1 = leaf float32 [4, 4]                   value norm 4, mean -1
                %2 = exp float32 [4, 4] (%1) in encoder.0  value norm 1.472, mean 0.3679
                """);
    }

    @Test
    void textHasAnEnd() {
        assertThat(GraphView.of(chain(w, 5000, Tensor::neg)).text())
                .startsWith("... 4001 older tensors are not shown; atMost(...) shows more\n%4002 = neg [] (%4001)\n")
                .hasLineCount(1001);
        Tensor many = Tensor.concat(
                0, new ArrayList<>(Collections.nCopies(20, Tensor.of(1).requiresGrad(true))).toArray(Tensor[]::new));
        assertThat(GraphView.of(many).text()).contains("concat [20] (%1, %1, %1, %1, %1, %1, %1, %1, ...)");
    }

    // ---- Graphviz ----

    @Test
    void dotIsStable() {
        assertThat(view().dot()).isEqualTo("""
                digraph adjoint {
                  node [fontname="monospace", fontsize=11];
                  n1 [shape=box, style=filled, fillcolor="#e4f3e6", label="w\\n0.5\\ngrad 0.230146"];
                  n2 [shape=box, style="filled,dashed", fillcolor="#f4f4f5", label="constant\\n0.8"];
                  n3 [shape=ellipse, style=filled, fillcolor="#e8effb", label="mul\\n0.4\\ngrad 0.287682"];
                  n4 [shape=ellipse, style=filled, fillcolor="#e8effb", label="sigmoid\\n0.598688\\ngrad 1.19738"];
                  n5 [shape=ellipse, style=filled, fillcolor="#fff0d9", penwidth=2, label="square\\n0.358427\\ngrad 1"];
                  n1 -> n3;
                  n2 -> n3;
                  n3 -> n4;
                  n4 -> n5;
                }
                """);
        assertThat(view().dot()).isEqualTo(view().dot());
    }

    @Test
    void labelsAreEscaped() {
        Tensor y = Autograd.op("a \\N \"<b> &lt;", x.data(), Edge.edge(w, g -> g));
        assertThat(GraphView.of(y).dot()).contains("label=\"a \\\\N \\\"<b> &amp;lt;\\n[]\"");
        assertThat(GraphView.of(y).mermaid()).contains("([\"a #92;N #34;#60;b#62; #38;lt#59;<br>[]\"])");
    }

    @Test
    void dotIsElided() {
        String dot = GraphView.of(chain(w, 20, Tensor::neg)).atMost(3).dot();
        assertThat(dot)
                .contains(
                        "  more [shape=plaintext, label=\"... 18 older tensors are not shown; atMost(...) shows more\"];\n")
                .contains("  more -> n19 [style=dashed];\n  n19 -> n20;\n  n20 -> n21;\n");
    }

    @Test
    void layersAreTooltips() {
        assertThat(GraphView.of(() -> Debug.within("encoder.0", w::exp)).dot()).contains(", tooltip=\"encoder.0\"];");
    }

    // ---- Mermaid ----

    @Test
    void mermaidIsStable() {
        assertThat(view().mermaid()).isEqualTo("""
                flowchart TB
                  n1["w<br>0.5<br><b>grad 0.230146</b>"]:::leaf
                  n2["constant<br>0.8"]:::constant
                  n3(["mul<br>0.4<br><b>grad 0.287682</b>"]):::operation
                  n4(["sigmoid<br>0.598688<br><b>grad 1.19738</b>"]):::operation
                  n5(["square<br>0.358427<br><b>grad 1</b>"]):::root
                  n1 --> n3
                  n2 --> n3
                  n3 --> n4
                  n4 --> n5
                  classDef leaf fill:#e4f3e6,stroke:#5b6270,color:#1d2330
                  classDef constant fill:#f4f4f5,stroke:#5b6270,color:#1d2330,stroke-dasharray:4 3
                  classDef operation fill:#e8effb,stroke:#5b6270,color:#1d2330
                  classDef root fill:#fff0d9,stroke:#5b6270,color:#1d2330,stroke-width:2px
                """);
        assertThat(view().mermaid()).isEqualTo(view().mermaid());
    }

    @Test
    void mermaidIsElidedAndKeepsTheLeavesOfWhatItShows() {
        String picture = GraphView.of(() -> chain(x, 300, h -> h.mul(w).tanh()))
                .name("w", w)
                .mermaid();
        assertThat(picture.lines().filter(line -> line.contains(":::"))).hasSize(120);
        assertThat(picture)
                .contains("[\"w<br>")
                .contains("  more[\"... 482 older tensors are not shown#59; atMost(...) shows more\"]\n")
                .contains("  more -.-> ");
    }

    @Test
    void everyEndOfALineIsInThePicture() {
        Tensor[] state = {
            Tensor.of(1, 2, 3).requiresGrad(true), Tensor.of(4, 5, 6).requiresGrad(true), Tensor.of(1, 1, 1)
        };
        GraphView view = GraphView.of(() -> {
            for (int k = 0; k < 30; k++) {
                Tensor next = state[k % 3].mul(state[(k * 7 + 1) % 3]).sigmoid();
                state[k % 3] = next.add(state[(k * 5 + 2) % 3]);
            }
            return state[0].mul(state[1]).mul(state[2]).sum();
        });
        List<String> lines = view.mermaid().lines().toList();
        List<String> nodes = lines.stream()
                .filter(line -> line.contains(":::"))
                .map(line -> line.strip().split("[\\[(]", 2)[0])
                .toList();
        assertThat(nodes).hasSizeBetween(60, 120).doesNotHaveDuplicates();
        assertThat(lines.stream()
                        .filter(line -> line.contains(" --> "))
                        .flatMap(line -> Stream.of(line.strip().split(" --> "))))
                .hasSizeGreaterThan(120)
                .allMatch(nodes::contains);
    }

    @Test
    void theGuideShowsWhatIsPrinted() throws IOException {
        Tensor b = Tensor.scalar(0.1).requiresGrad(true);
        Tensor t = Tensor.scalar(1);
        GraphView view = GraphView.of(() -> w.mul(x).add(b).sigmoid().sub(t).square())
                .name("w", w)
                .name("b", b)
                .name("x", x)
                .name("t", t);
        Path docs = Path.of(System.getProperty("basedir", ""), "..", "docs");
        assertThat(Files.readString(docs.resolve("graph.md")))
                .contains(view.explain())
                .contains(view.text().lines().toList().get(3))
                .contains("```mermaid\n" + view.mermaid() + "```\n");
    }

    // ---- limits ----

    @Test
    void graphsMayBeDeep() {
        Tensor deep = chain(w, 300_000, Tensor::neg);
        GraphView view = GraphView.of(deep);
        assertThat(view.text()).hasLineCount(1001);
        assertThat(view.dot()).hasLineCount(2 + 1 + 500 + 500 + 1);
        assertThat(view.mermaid()).hasLineCount(1 + 1 + 120 + 120 + 4);
    }

    @Test
    void computationsMayBeDeep() {
        assertThat(GraphView.of(() -> chain(w, 30_000, Tensor::neg))
                        .name("w", w)
                        .explain())
                .endsWith("Gradients\n  ∂L/∂w = 1\n");
    }

    @Test
    void aReleasedGraphSaysSo() {
        Tensor loss = loss();
        loss.backward();
        assertThatThrownBy(() -> GraphView.of(loss))
                .isInstanceOf(GraphException.class)
                .hasMessage("GraphView: the graph behind 'square' [] was released by an earlier backward pass;"
                        + " look at it before that pass, or pass GraphMode.KEEP to it");
        Tensor kept = loss();
        kept.backward(GraphMode.KEEP);
        assertThat(GraphView.of(kept).text()).hasLineCount(4);
    }

    @Test
    void aConstantHasNoRecord() {
        assertThatThrownBy(() -> GraphView.of(x))
                .isInstanceOf(GraphException.class)
                .hasMessageContaining("does not depend on a tensor that requires grad");
        assertThat(GraphView.of(() -> x).text()).isEqualTo("%1 = constant []  value 0.8\n");
        assertThat(GraphView.of(() -> Autograd.noGrad(w::exp)).text())
                .isEqualTo("%1 = leaf []      value 0.5\n%2 = exp [] (%1)  value 1.64872\n");
    }

    @Test
    void whatHasNoDerivativeIsShownAsAnEnd() {
        Tensor y = Autograd.op("step", w.data(), Edge.edge(w, Autograd.firstOrder("step", g -> g)));
        Tensor gradient = Autograd.grad(y, GraphMode.CREATE, w);
        assertThat(GraphView.of(gradient.mul(2)).text()).isEqualTo("%1 = step [] ()\n%2 = mul [] (%1)\n");
    }

    @Test
    void aViewEndsWithItsComputation() {
        assertThatThrownBy(() -> GraphView.of(() -> null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("GraphView: the computation returned null");
        assertThatThrownBy(() -> GraphView.of(() -> {
                    throw new IllegalStateException("mine");
                }))
                .hasMessage("mine");
        assertThat(Debug.isTracing()).isFalse();
    }

    @Test
    void namesAreShortAndOneTensorsOnly() {
        GraphView view = GraphView.of(() -> loss());
        view.name("a name\nof more than twenty letters", w).name("b", Tensor.scalar(1));
        assertThat(view.text()).startsWith("%a_name_of_more_than_twenty_letters = ");
        view.name("c", w).name("c", w);
        assertThat(view.text()).startsWith("%c = ");
        assertThatThrownBy(() -> view.name("c", x)).hasMessage("GraphView: two tensors are named 'c'");
        assertThatThrownBy(() -> view.name(" ", x)).hasMessage("GraphView: a name is empty");
        assertThatThrownBy(() -> view.atMost(0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void namesThatEndTheSameAreToldApart() {
        Tensor[] parameters = new Tensor[8];
        Arrays.setAll(parameters, k -> Tensor.of(k, -1).requiresGrad(true));
        GraphView view =
                GraphView.of(() -> Tensor.concat(0, parameters).sigmoid().sum());
        for (int k = 0; k < parameters.length; k++) {
            view.name("decoder.block." + k + ".attention.of.heads.weight", parameters[k]);
        }
        assertThat(view.text()).contains("%decoder.block.7.attention.of.heads.weight = leaf");
        assertThat(view.explain())
                .contains("  ...ntion.of.heads.weight   = [0, -1]")
                .contains("  ...ntion.of.heads.weight~8 = [7, -1]");
        assertThat(view.explain().lines()).allMatch(line -> line.length() <= 100);
    }

    @Test
    void severalOutputsAndSharedRulesAreShown() {
        Tensor a = Tensor.of(1, 2).requiresGrad(true);
        GraphView view = GraphView.of(() -> {
            List<Tensor> both = Autograd.ops(
                    "twins",
                    List.of(a.data(), a.data()),
                    List.of(a, Tensor.of(3)),
                    g -> List.of(g.get(0).add(g.get(1)), g.get(0)));
            return both.get(0).add(both.get(1)).sum();
        });
        assertThat(view.text()).contains("%3 = twins [4] (%1, %2)");
        assertThat(view.explain()).endsWith("  ∂L/∂p1 = [2, 2]\n");
    }

    @Test
    void numbersAreShort() {
        double[] values = {
            0, -0.0, 1, 0.1f, 1e-4, 9.99999999e-5, 1234567.8, 1e7, -1.5e-12, Double.NaN, Double.NEGATIVE_INFINITY
        };
        List<String> texts = new ArrayList<>();
        for (double value : values) {
            texts.add(Numbers.number(value));
        }
        assertThat(texts)
                .containsExactly("0", "0", "1", "0.1", "0.0001", "0.0001", "1234570", "1e7", "-1.5e-12", "NaN", "-inf");
        Numbers empty = Numbers.of(NdArray.zeros(DType.FLOAT64, Shape.of(2, 0)));
        assertThat(Objects.toString(empty)).isEqualTo("[[], []]");
        assertThat(empty.rows()).containsExactly("[[], []]");
    }
}
