package io.adjoint.autograd;

import static io.adjoint.autograd.Index.all;
import static io.adjoint.autograd.Index.at;
import static io.adjoint.autograd.Index.ellipsis;
import static io.adjoint.autograd.Index.every;
import static io.adjoint.autograd.Index.mask;
import static io.adjoint.autograd.Index.newAxis;
import static io.adjoint.autograd.Index.range;
import static io.adjoint.autograd.Index.to;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IndexTest {
    private final Tensor x = Tensor.of(NdArray.arange(DType.FLOAT64, 120).reshape(4, 5, 6));

    /** The expected shapes are NumPy's results, except in the last rows: there a single number only removes its axis, as in PyTorch. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                         | 4, 5, 6",
                ":                          | 4, 5, 6",
                "...                        | 4, 5, 6",
                "…, 0                       | 4, 5",
                "1,                         | 5, 6",
                "-1, ::-1                   | 5, 6",
                "::2, 4:0:-2, 1:100         | 2, 2, 5",
                "3:1                        | 0, 5, 6",
                "None, 0, newaxis, np.newaxis | 1, 1, 1, 5, 6",
                "[]                         | 0, 5, 6",
                "[[0, 1, 2], [3, 0, 1]]     | 2, 3, 5, 6",
                "[0, 1], [2, 3]             | 2, 6",
                ":, [0, 1], [2, 3]          | 4, 2",
                "[0, 1], :, [2, 3]          | 2, 5",
                ":, [[0], [1]], [2, 3, 4]   | 4, 2, 3",
                "[0, 1], None, [2, 3]       | 2, 1, 6",
                "[True, False, True, True]  | 3, 5, 6",
                "..., [0, 0, 0]             | 4, 5, 3",
                "1, :, [2, 3]               | 5, 2",
                "[0, 1], 2, [2, 3]          | 2"
            })
    void aTextGivesTheShapeThatItGivesInNumPy(String text, String dims) {
        assertThat(x.get(text).shape().toString().replaceAll("[\\[\\]]", "")).isEqualTo(dims);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1, , 2   | 3  | a number, a range",
                "1 2      | 2  | a comma or the end",
                "0:8:x    | 4  | a comma or the end",
                "1.5      | 0  | a whole number",
                "--1      | 0  | a number, a range",
                "99999999999 | 0 | a number between",
                "[0, 1    | 5  | a closing bracket",
                "[0 1]    | 3  | a closing bracket",
                "[0, a]   | 4  | a number, True or False",
                "[0, True] | 0 | either numbers or True and False",
                "[[0], 1] | 6  | nested equally deep",
                "[1, [0]] | 4  | nested equally deep",
                "[[], 1]  | 5  | nested equally deep",
                "[[0], [1, 2]] | 6 | a list of 1 elements",
                "0:1:0    | 4  | a step that is not 0",
                "Nones    | 4  | a comma or the end"
            })
    void aTextThatIsNoIndexIsRefusedWithThePosition(String text, int position, String expected) {
        assertThatThrownBy(() -> x.get(text))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("get: \"" + text + "\": expected ")
                .hasMessageContaining(expected)
                .hasMessageContaining(" at position " + position + ", but found ");
    }

    @Test
    void indicesPrintAsInNumPy() {
        assertThat(new Index[] {
                    all(),
                    at(-1),
                    range(1, 2),
                    range(3, 0, -1),
                    Index.from(2),
                    to(-1),
                    every(2),
                    newAxis(),
                    ellipsis(),
                    Index.of(3, 0),
                    Index.of(new int[11]),
                    mask(Tensor.of(true))
                })
                .extracting(Index::toString)
                .containsExactly(
                        ":",
                        "-1",
                        "1:2",
                        "3:0:-1",
                        "2:",
                        ":-1",
                        "::2",
                        "None",
                        "...",
                        "[3, 0]",
                        "indices [11]",
                        "mask [1]");
    }

    @Test
    void basicIndicesGiveAView() {
        Tensor leaf = Tensor.zeros(2, 3);
        Tensor view = leaf.get(at(1), every(-1));
        leaf.assign(NdArray.arange(DType.FLOAT64, 6).reshape(2, 3));

        assertThat(view.data()).isEqualTo(NdArray.of(Shape.of(3), 5, 4, 3));
        assertThat(leaf.get()).isSameAs(leaf);
        assertThat(leaf.get(all(), ellipsis())).isSameAs(leaf);
    }

    @Test
    void integersHaveIndicesToo() {
        Tensor labels = Tensor.of(new int[] {4, 5, 6});

        assertThat(labels.get("[2, 0]").data()).isEqualTo(NdArray.of(Shape.of(2), new int[] {6, 4}));
        assertThat(labels.indexPut(Tensor.of(new int[] {9}), Index.from(1)).data())
                .isEqualTo(NdArray.of(Shape.of(3), new int[] {4, 9, 9}));
    }

    @Test
    void masksOfSeveralAxesAndOtherPicksAreBroadcast() {
        Tensor chosen = Tensor.of(NdArray.zeros(DType.BOOL, Shape.of(4, 5)))
                .indexPut(Tensor.of(true), Index.of(1, 3), Index.of(2, 4));

        assertThat(x.get(mask(chosen), at(0)).data()).isEqualTo(NdArray.of(Shape.of(2), 42, 114));
        assertThat(x.get(mask(chosen), Index.of(1, 5)).data()).isEqualTo(NdArray.of(Shape.of(2), 43, 119));
        assertThatThrownBy(() -> x.get(mask(chosen), Index.of(1, 2, 3)))
                .isExactlyInstanceOf(ShapeException.class)
                .hasMessageContaining("get: cannot broadcast [2] with [3]");
        assertThatThrownBy(() -> x.get(mask(Tensor.of(NdArray.scalar(DType.BOOL, 1)))))
                .isExactlyInstanceOf(ShapeException.class)
                .hasMessageContaining("the mask [] has no axes");
    }

    @Test
    void thePaddingRowGetsNoGradient() {
        Tensor table = Tensor.of(new double[][] {{1, 2}, {3, 4}, {5, 6}}).requiresGrad(true);
        Tensor rows = table.embedding(Tensor.of(new int[] {1, 0, 1, 2}), 1);

        assertThat(rows.data().get(0, 1)).isEqualTo(4);
        Tensor gradient = Autograd.grad(rows.square().sum(), GraphMode.CREATE, table);
        assertThat(gradient.data()).isEqualTo(NdArray.of(Shape.of(3, 2), 2, 4, 0, 0, 10, 12));
        assertThat(Autograd.grad(gradient.sum(), table).data()).isEqualTo(NdArray.of(Shape.of(3, 2), 2, 2, 0, 0, 2, 2));
    }

    @Test
    void ofSeveralForOneElementOnlyTheLastGetsTheGradient() {
        Tensor leaf = Tensor.of(1, 2, 3).requiresGrad(true);
        Tensor values = Tensor.of(4, 5, 6).requiresGrad(true);
        Tensor put = leaf.scatter(0, Tensor.of(new int[] {1, 1, 2}), values);

        Gradients gradients = Autograd.gradients(put.mul(Tensor.of(10, 20, 30)).sum());

        assertThat(put.data()).isEqualTo(NdArray.of(Shape.of(3), 1, 5, 6));
        assertThat(gradients.of(leaf).data()).isEqualTo(NdArray.of(Shape.of(3), 10, 0, 0));
        assertThat(gradients.of(values).data()).isEqualTo(NdArray.of(Shape.of(3), 0, 20, 30));
    }

    @Test
    void aSourceLongerThanTheIndexIsCut() {
        Tensor source = Tensor.of(4, 5, 6).requiresGrad(true);
        Tensor sum = Tensor.of(1, 2).scatterAdd(0, Tensor.of(new int[] {1, 1}), source);

        Tensor gradient = Autograd.grad(sum.sum(), source);

        assertThat(sum.data()).isEqualTo(NdArray.of(Shape.of(2), 1, 11));
        assertThat(gradient.data()).isEqualTo(NdArray.of(Shape.of(3), 1, 1, 0));
    }
}
