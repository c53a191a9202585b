package io.adjoint.nn.layer;

import static io.adjoint.nn.Refusals.refused;
import static io.adjoint.nn.Refusals.thrown;
import static io.adjoint.nn.layer.TableRows.GAP;
import static io.adjoint.nn.layer.TableRows.buffer;
import static io.adjoint.nn.layer.TableRows.elements;
import static io.adjoint.nn.layer.TableRows.row;
import static io.adjoint.nn.layer.TableRows.rows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.DTypeException;
import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import io.adjoint.nn.Init;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Sequential;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TableLayersTest {
    private static final double INFINITY = Double.POSITIVE_INFINITY;

    private final Init init = new Init(new Generator(1));

    // ---- Standardize ----

    @Test
    void standardizedRowsHaveMean0AndDeviation1() {
        Tensor rows = Tensor.randn(new Generator(2), 50, 3).mul(7).add(1000);

        Tensor y = Standardize.of(rows).forward(rows);

        assertThat(y.mean(0).abs().amax().item()).isLessThan(1e-12);
        assertThat(y.square().mean(0).sub(1).abs().amax().item()).isLessThan(1e-12);
    }

    @Test
    void gapsAreIgnoredInFitAndStayGaps() {
        Standardize layer = Standardize.of(rows(row(1, 5), row(GAP, 6), row(3, 7)));

        assertThat(buffer(layer, "mean")).containsExactly(2, 6);
        assertThat(elements(layer.forward(rows(row(GAP, 6))))).containsExactly(GAP, 0);
    }

    @Test
    void aConstantColumnIsDividedBy1() {
        // The mean of equal numbers is rounded, so their variance isn't exactly 0.
        double[][] equal = new double[1000][];
        Arrays.fill(equal, row(0.1, 3));

        Standardize layer = Standardize.of(Tensor.of(equal));

        assertThat(buffer(layer, "std")).containsExactly(1, 1);
    }

    @Test
    void standardizingBeforeFitIsRefusedUntilAStateIsLoaded() {
        Tensor x = rows(row(1, -2), row(GAP, 4));
        Standardize fitted = Standardize.of(x);
        Standardize layer = new Standardize(2);

        for (Layer unfitted : List.of(layer, layer.copy())) {
            thrown(IllegalStateException.class, () -> unfitted.forward(x))
                    .withMessageContaining(
                            "Standardize: it has not learned yet the means and deviations of columns; call"
                                    + " fit(rows) of this layer or of the Columns around it, or load a state");
        }
        thrown(IllegalStateException.class, () -> layer.inverse(x))
                .withMessageStartingWith("Standardize: it has not learned yet");
        layer.load(fitted.state());
        assertThat(layer.forward(x).data()).isEqualTo(fitted.forward(x).data());
        assertThat(layer.inverse(x).data()).isEqualTo(fitted.inverse(x).data());
        assertThat(layer.copy().forward(x).data()).isEqualTo(fitted.forward(x).data());
    }

    @Test
    void inverseBringsBackTheOriginalUnits() {
        Tensor rows = Tensor.randn(new Generator(3), 20, 2).mul(3).add(5);
        Standardize layer = Standardize.of(rows);

        assertThat(layer.inverse(layer.forward(rows)).allClose(rows)).isTrue();
    }

    @Test
    void theGradientIsDividedByTheDeviation() {
        Standardize layer = Standardize.of(rows(row(1, 10), row(3, 30)));
        Tensor x = rows(row(0, 0)).requiresGrad(true);

        assertThat(elements(Autograd.grad(layer.forward(x).sum(), x))).containsExactly(1, 0.1);
    }

    // ---- FillMissing ----

    @Test
    void gapsAreFilledByTheirColumnsMeanMedianOrMostFrequentNumber() {
        Tensor rows = rows(row(1, 4), row(1, GAP), row(7, 2), row(GAP, 0), row(3, 0));
        Tensor gaps = rows(row(GAP, GAP), row(8, 9));

        assertThat(elements(new FillMissing(2).fit(rows).forward(gaps))).containsExactly(3, 1.5, 8, 9);
        assertThat(elements(filled(rows, FillMissing.Strategy.MEDIAN, gaps))).containsExactly(2, 1, 8, 9);
        assertThat(elements(filled(rows, FillMissing.Strategy.MOST_FREQUENT, gaps)))
                .containsExactly(1, 0, 8, 9);
        assertThat(elements(FillMissing.with(-1, 5).fit(rows).forward(gaps))).containsExactly(-1, 5, 8, 9);
    }

    @Test
    void theMeanOfHugeNumbersIsFinite() {
        Tensor rows = Tensor.of(new double[][] {{1e308}, {1.5e308}, {Double.NaN}});

        assertThat(elements(new FillMissing(1).fit(rows).forward(rows))).containsExactly(1e308, 1.5e308, 1.25e308);
    }

    private static Tensor filled(Tensor rows, FillMissing.Strategy strategy, Tensor gaps) {
        return new FillMissing(2, strategy).fit(rows).forward(gaps);
    }

    @Test
    void theSmallestOfSeveralMostFrequentNumbersIsTaken() {
        FillMissing layer = new FillMissing(1, FillMissing.Strategy.MOST_FREQUENT);

        layer.fit(rows(row(5), row(2), row(5), row(2), row(9)));

        assertThat(buffer(layer, "value")).containsExactly(2);
    }

    @Test
    void aFilledGapGetsNoGradient() {
        Tensor x = rows(row(GAP, 2)).requiresGrad(true);

        Tensor y = FillMissing.with(1, 1).forward(x).mul(3).sum();

        assertThat(elements(Autograd.grad(y, x))).containsExactly(0, 3);
    }

    @Test
    void fillingBeforeFitIsRefusedUntilAStateIsLoaded() {
        FillMissing layer = new FillMissing(2);
        Tensor x = rows(row(1, GAP));

        thrown(IllegalStateException.class, () -> layer.forward(x))
                .withMessageContainingAll("FillMissing", "call fit(rows)", "load a state");
        layer.load(Map.of("value", NdArray.of(Shape.of(2), new double[] {3, 4})));
        assertThat(elements(layer.forward(x))).containsExactly(1, 4);
    }

    @Test
    void indicatorsAre1WhereGapsAre() {
        assertThat(elements(new MissingIndicator().forward(rows(row(GAP, 0, 3)))))
                .containsExactly(1, 0, 0);
    }

    // ---- categories ----

    @Test
    void eachIndexBecomesOneHotColumns() {
        Tensor y = new OneHot(2, 3).forward(rows(row(0, 2), row(1, -0.0)));

        assertThat(y.shape()).isEqualTo(Shape.of(2, 5));
        assertThat(elements(y)).containsExactly(1, 0, 0, 0, 1, 0, 1, 1, 0, 0);
    }

    @Test
    void aGapBecomesZerosInAllColumnsOfItsCategories() {
        assertThat(elements(new OneHot(2, 3).forward(rows(row(1, GAP), row(GAP, 0)))))
                .containsExactly(0, 1, 0, 0, 0, 0, 0, 1, 0, 0);
    }

    @Test
    void aNumberThatIsNoIndexIsRefusedByRowColumnAndValue() {
        OneHot layer = new OneHot(2, 3);
        String where = " in row 1, column 1 of this layer's columns, is ";

        refused(() -> layer.forward(rows(row(0, 2), row(1, 3))))
                .withMessageContainingAll("OneHot: 3.0" + where, "3 categories, 0 to 2", "an index of their own");
        refused(() -> new ToIndices().forward(rows(row(0, 2), row(1, GAP))))
                .withMessageContainingAll("NaN" + where + "a gap", "FillMissing");
        for (double broken : List.of(0.5, -1.0, -INFINITY, 1e300)) {
            refused(() -> layer.forward(rows(row(0, 2), row(1, broken))))
                    .withMessageContainingAll(broken + where + "no index of a category");
            refused(() -> new ToIndices().forward(rows(row(0, 2), row(1, broken))))
                    .withMessageContainingAll("ToIndices: " + broken + where);
        }
    }

    @Test
    void anEmbeddingReadsIndicesOfATable() {
        Embedding embedding = new Embedding(4, 3, init);
        Layer vectors = new Sequential(new ToIndices(), embedding, new Flatten(-2));

        Tensor y = vectors.forward(rows(row(3, 1), row(0, 2)));

        assertThat(y.shape()).isEqualTo(Shape.of(2, 6));
        assertThat(y.slice(1, 0, 3).data())
                .isEqualTo(embedding.weight().detach().indexSelect(0, 3, 0).data());
    }

    // ---- what they have in common ----

    @Test
    void wrongInputsAreRefused() {
        List<Layer> layers = List.of(
                new Standardize(2), FillMissing.with(1, 2), new OneHot(2, 2), new Columns().add(0, 2, new Identity()));
        for (Layer layer : layers) {
            String name = layer.getClass().getSimpleName();
            thrown(ShapeException.class, () -> layer.forward(Tensor.zeros(4, 1)))
                    .withMessageContainingAll(name, "2 columns", "[4, 1]");
            thrown(ShapeException.class, () -> layer.forward(Tensor.scalar(1)));
            thrown(DTypeException.class, () -> layer.forward(Tensor.zeros(4, 2).to(DType.INT32)))
                    .withMessageContainingAll(name, "INT32", "to(FLOAT64)");
        }
        thrown(
                DTypeException.class,
                () -> new MissingIndicator().forward(Tensor.zeros(2).to(DType.INT32)));
        thrown(ShapeException.class, () -> Standardize.of(Tensor.scalar(1)));
    }

    @Test
    void aFitThatFailsSaysWhy() {
        Standardize layer = new Standardize(2);
        refused(() -> layer.fit(rows(row(1, 2), row(3, INFINITY))))
                .withMessageContainingAll("Standardize: Infinity in row 1, column 1", "NaN");
        refused(() -> layer.fit(rows(row(1, GAP), row(3, GAP)))).withMessageContainingAll("column 1", "gaps");
        refused(() -> layer.fit(rows(row(1, 1e300), row(3, -1e300)))).withMessageContainingAll("column 1", "overflow");
        refused(() -> layer.fit(Tensor.zeros(0, 2))).withMessageContainingAll("no rows", "[0, 2]");
        refused(() -> new FillMissing(1).fit(rows(row(GAP)))).withMessageContainingAll("column 0", "FillMissing.with");
    }

    @Test
    void settingsAreChecked() {
        refused(() -> new Standardize(0));
        refused(() -> new FillMissing(0));
        refused(FillMissing::with);
        refused(() -> FillMissing.with(1, GAP));
        refused(() -> FillMissing.with(INFINITY));
        refused(OneHot::new);
        refused(() -> new OneHot(2, 0));
        refused(() -> new OneHot(Integer.MAX_VALUE, 1));
    }

    @Test
    void descriptionsHaveTheSettings() {
        assertThat(new Standardize(3)).hasToString("Standardize(3)");
        assertThat(new FillMissing(3)).hasToString("FillMissing(3, mean)");
        assertThat(new FillMissing(3, FillMissing.Strategy.MOST_FREQUENT)).hasToString("FillMissing(3, most frequent)");
        assertThat(FillMissing.with(1, 2)).hasToString("FillMissing(2, constant)");
        assertThat(new OneHot(4, 7)).hasToString("OneHot(4, 7 -> 11)");
    }

    @Test
    void floatsFarFromZeroAreStandardizedByTheExactMean() {
        double mean = 18436.8;
        Standardize layer = Standardize.of(Tensor.of(new double[][] {{mean - 0.0069}, {mean + 0.0069}}));
        Tensor x = Tensor.of(new double[][] {{mean + 0.0047}}).to(DType.FLOAT32);

        double expected = (x.to(DType.FLOAT64).item() - mean) / 0.0069;
        assertThat(layer.forward(x).item()).isCloseTo(expected, within(1e-6));
    }

    @Test
    @SuppressWarnings("NullAway") // The test passes null.
    void aStrategyOfNullIsRefused() {
        thrown(NullPointerException.class, () -> new FillMissing(1, null)).withMessage("strategy");
    }
}
