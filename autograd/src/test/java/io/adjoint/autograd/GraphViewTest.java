package io.adjoint.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

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
        assertThat(texts(parse(GraphView.of(y).svg()))).contains("a \\N \"<b> &lt;");
    }

    @Test
    void dotIsElided() {
        String dot = GraphView.of(chain(w, 20, Tensor::neg)).atMost(3).dot();
        assertThat(dot)
                .contains(
                        "  more [shape=plaintext, label=\"... 18 older tensors are not shown; atMost(...) shows more\"];\n")
                .contains("  more -> n19 [style=dashed];\n  n19 -> n20;\n  n20 -> n21;\n");
    }

    // ---- SVG ----

    private static Document parse(String svg) {
        try {
            return DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(new InputSource(new StringReader(svg)));
        } catch (Exception e) {
            throw new AssertionError(svg, e);
        }
    }

    private static List<String> texts(Document svg) {
        List<String> texts = new ArrayList<>();
        NodeList elements = svg.getElementsByTagName("text");
        for (int k = 0; k < elements.getLength(); k++) {
            texts.add(elements.item(k).getTextContent());
        }
        return texts;
    }

    private record Rectangle(double left, double top, double right, double bottom) {
        static Rectangle of(Element rect) {
            double left = Double.parseDouble(rect.getAttribute("x"));
            double top = Double.parseDouble(rect.getAttribute("y"));
            return new Rectangle(
                    left,
                    top,
                    left + Double.parseDouble(rect.getAttribute("width")),
                    top + Double.parseDouble(rect.getAttribute("height")));
        }

        boolean overlaps(Rectangle other) {
            return left < other.right && other.left < right && top < other.bottom && other.top < bottom;
        }

        boolean contains(Rectangle other) {
            return left <= other.left && top <= other.top && right >= other.right && bottom >= other.bottom;
        }
    }

    /** The boxes of a picture, checked to lie within it side by side. */
    private static List<Rectangle> boxes(Document svg) {
        List<Rectangle> boxes = new ArrayList<>();
        NodeList elements = svg.getElementsByTagName("rect");
        Rectangle page = Rectangle.of((Element) elements.item(0));
        for (int k = 1; k < elements.getLength(); k++) {
            Rectangle box = Rectangle.of((Element) elements.item(k));
            assertThat(page.contains(box)).as("%s in %s", box, page).isTrue();
            assertThat(boxes).noneMatch(box::overlaps);
            boxes.add(box);
        }
        return boxes;
    }

    @Test
    void svgIsADocumentOfItsOwn() {
        String svg = view().svg();
        Document document = parse(svg);
        assertThat(boxes(document)).hasSize(5);
        assertThat(texts(document))
                .containsExactly(
                        "w",
                        "0.5",
                        "grad 0.230146",
                        "constant",
                        "0.8",
                        "mul",
                        "0.4",
                        "grad 0.287682",
                        "sigmoid",
                        "0.598688",
                        "grad 1.19738",
                        "square",
                        "0.358427",
                        "grad 1");
        assertThat(svg.replace("xmlns=\"http://www.w3.org/2000/svg\"", ""))
                .doesNotContain("http")
                .doesNotContain("script")
                .doesNotContain("href");
        assertThat(view().svg()).isEqualTo(svg);
    }

    @Test
    void inputsStandAboveWhatIsComputedFromThem() {
        Tensor a = Tensor.of(1, 2).requiresGrad(true);
        Tensor b = Tensor.of(3, 4).requiresGrad(true);
        List<Rectangle> boxes = boxes(parse(GraphView.of(a.exp().exp().mul(b)).svg()));
        Rectangle product = boxes.get(boxes.size() - 1);
        assertThat(boxes.subList(0, boxes.size() - 1)).allMatch(box -> box.bottom < product.top);
        assertThat(boxes.get(1).top).as("a leaf is near its use").isGreaterThan(boxes.get(0).bottom);
    }

    @Test
    void boxesDoNotOverlapInTangledGraphs() {
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
        assertThat(boxes(parse(view.svg()))).hasSizeBetween(60, 120);
    }

    @Test
    void svgIsElidedAndKeepsTheLeavesOfWhatItShows() {
        Document svg = parse(GraphView.of(() -> chain(x, 300, h -> h.mul(w).tanh()))
                .name("w", w)
                .svg());
        assertThat(boxes(svg)).hasSize(120);
        assertThat(texts(svg)).contains("w").contains("... 482 older tensors are not shown; atMost(...) shows more");
    }

    @Test
    void layersAreTitles() {
        String svg = GraphView.of(() -> Debug.within("encoder.0", w::exp)).svg();
        assertThat(svg).contains("<title>encoder.0</title>");
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
                .contains(view.text());
        assertThat(docs.resolve("graph.svg")).hasContent(view.svg());
    }

    // ---- limits ----

    @Test
    void graphsMayBeDeep() {
        Tensor deep = chain(w, 300_000, Tensor::neg);
        GraphView view = GraphView.of(deep);
        assertThat(view.text()).hasLineCount(1001);
        assertThat(view.dot()).hasLineCount(2 + 1 + 500 + 500 + 1);
        assertThat(boxes(parse(view.svg()))).hasSize(120);
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
        Tensor gradient = Autograd.grad(y, GraphMode.CREATE, w).get(0);
        assertThat(GraphView.of(gradient.mul(2)).text()).isEqualTo("%1 = step [] ()\n%2 = mul [] (%1)\n");
    }

    @Test
    void aViewEndsWithItsComputation() {
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
