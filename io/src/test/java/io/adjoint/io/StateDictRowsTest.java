package io.adjoint.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.nn.Block;
import io.adjoint.nn.BlockMap;
import io.adjoint.nn.Init;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.layer.HeadOptions;
import io.adjoint.nn.layer.MultiHeadAttention;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Arrays that a file has in several parts and the model in one, and the reverse. */
class StateDictRowsTest {
    private static final List<String> WEIGHTS = List.of("query.weight", "key.weight", "value.weight");
    private static final List<String> BIASES = List.of("query.bias", "key.bias", "value.bias");

    /** A file that has the projections of attentions in separate arrays. */
    private static Map<String, NdArray> apart(int layers, int width, int ofKeys, Generator rng) {
        Map<String, NdArray> file = new LinkedHashMap<>();
        for (int layer = 0; layer < layers; layer++) {
            String prefix = "bert." + layer + ".";
            for (int k = 0; k < 3; k++) {
                int rows = k == 0 ? width : ofKeys;
                file.put(prefix + "self." + WEIGHTS.get(k), random(rng, rows, width));
                file.put(prefix + "self." + BIASES.get(k), random(rng, rows));
            }
            file.put(prefix + "output.weight", random(rng, width, width));
            file.put(prefix + "output.bias", random(rng, width));
        }
        return file;
    }

    private static NdArray random(Generator rng, int... sizes) {
        return Tensor.randn(DType.FLOAT64, rng, sizes).data();
    }

    private static BlockMap<Block> attentions(int layers, int heads, int keyHeads) {
        BlockMap<Block> model = new BlockMap<>();
        for (int layer = 0; layer < layers; layer++) {
            model.put(
                    "" + layer,
                    new MultiHeadAttention(
                            4 * heads,
                            heads,
                            new HeadOptions().keyValueHeads(keyHeads),
                            new Init(new Generator(layer))));
        }
        return model;
    }

    private static StateDict renamed(Block model) {
        return new StateDict(model)
                .rename("^bert\\.", "")
                .rename("\\.self\\.", ".")
                .rename("\\.output\\.", ".out_proj.");
    }

    @Property
    void partsAreTheRowsOfTheModelsArrayAndAreWrittenAsTheyWere(
            @ForAll @IntRange(min = 1, max = 12) int layers,
            @ForAll @IntRange(min = 1, max = 3) int keyHeads,
            @ForAll @IntRange(min = 1, max = 3) int shared) {
        int width = 4 * keyHeads * shared;
        Map<String, NdArray> file = apart(layers, width, 4 * keyHeads, new Generator(5));
        Block model = attentions(layers, keyHeads * shared, keyHeads);
        int[] rows = {width, 4 * keyHeads, 4 * keyHeads};
        StateDict dict = renamed(model).concat("in_proj_weight", WEIGHTS, rows).concat("in_proj_bias", BIASES, rows);

        assertThat(dict.load(file).isExact()).isTrue();

        for (int layer = 0; layer < layers; layer++) {
            String prefix = "bert." + layer + ".self.";
            assertThat(model.state().get(layer + ".inProjWeight"))
                    .isEqualTo(NdArray.concat(
                            0,
                            WEIGHTS.stream()
                                    .map(name -> file.get(prefix + name))
                                    .toList()));
        }
        Map<String, NdArray> written = dict.state(file.keySet());
        assertThat(written).isEqualTo(file);
        assertThat(written.keySet()).containsExactlyElementsOf(file.keySet());
    }

    @Property
    void rowsGoToTheModelsArraysAndAreWrittenAsTheyWere(
            @ForAll @IntRange(max = 4) int first, @ForAll @IntRange(min = 1, max = 4) int second) {
        Generator rng = new Generator(3);
        Block model =
                new BlockMap<Block>().put("q", new Dense(3, first + 1, rng)).put("kv", new Dense(3, second, rng));
        Map<String, NdArray> file = new LinkedHashMap<>();
        file.put("in_proj_weight", random(rng, first + 1 + second, 3));
        file.put("in_proj_bias", random(rng, first + 1 + second));
        StateDict dict = new StateDict(model)
                .split("in_proj_weight", "q.weight", "kv.weight")
                .split("in_proj_bias", "q.bias", "kv.bias");

        dict.load(file);

        assertThat(model.state().get("q.weight"))
                .isEqualTo(file.get("in_proj_weight").slice(0, 0, first + 1));
        assertThat(model.state().get("kv.bias"))
                .isEqualTo(file.get("in_proj_bias").slice(0, first + 1, first + 1 + second));
        assertThat(dict.state(file.keySet())).isEqualTo(file);
    }

    @Test
    void partsOfDifferentNumbersOfRowsAreRefusedUnlessTheyAreGiven() {
        Map<String, NdArray> file = apart(1, 8, 4, new Generator(5));
        Block model = attentions(1, 2, 1);
        Map<String, NdArray> before = model.state();

        assertThatThrownBy(() -> renamed(model)
                        .concat("in_proj_weight", "query.weight", "key.weight", "value.weight")
                        .load(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("StateDict.concat: [0.query.weight, 0.key.weight, 0.value.weight] have [8, 4, 4] rows,"
                        + " expected equal numbers; give those that they have as last arguments");
        assertThatThrownBy(() -> renamed(model)
                        .concat("in_proj_weight", WEIGHTS, 4, 8, 4)
                        .load(file))
                .hasMessageContaining("have [8, 4, 4] rows, expected [4, 8, 4]");
        assertThatThrownBy(() -> renamed(model)
                        .concat("in_proj_weight", "query.weight", "key.weight", "value.weight")
                        .state(file.keySet()))
                .hasMessage("StateDict.concat: '0.in_proj_weight' has 16 rows, expected an equal number for each of"
                        + " [0.query.weight, 0.key.weight, 0.value.weight]");
        assertThat(model.state()).isEqualTo(before);
    }

    @Test
    void rowsOfAnotherNumberThanTheModelsAreRefused() {
        Block model = new BlockMap<Block>()
                .put("q", new Dense(3, 2, new Generator(1)))
                .put("k", new Dense(3, 2, new Generator(1)));
        Map<String, NdArray> file = Map.of("qk.weight", NdArray.zeros(DType.FLOAT64, Shape.of(5, 3)));

        assertThatThrownBy(() -> new StateDict(model)
                        .split("qk.weight", "q.weight", "k.weight")
                        .load(file))
                .hasMessage("StateDict.split: 'qk.weight' has 5 rows, expected [2, 2] for [q.weight, k.weight]");
    }

    @Test
    void partsWithoutTheOthersAreReported() {
        Map<String, NdArray> file = apart(1, 8, 8, new Generator(5));
        Block model = attentions(1, 2, 2);
        StateDict dict = renamed(model)
                .concat("in_proj_weight", "query.weight", "key.weight", "value.weight")
                .concat("in_proj_bias", "query.bias", "key.bias", "value.bias");
        file.remove("bert.0.self.key.weight");

        LoadReport report = dict.compare(file);

        assertThat(report.missing().keySet()).containsExactly("0.in_proj_weight");
        assertThat(report.unexpected().keySet()).containsExactly("0.query.weight", "0.value.weight");
        assertThatThrownBy(() -> dict.state(file.keySet()))
                .hasMessage("StateDict.concat: the rows of '0.in_proj_weight' need each of the names"
                        + " [0.query.weight, 0.key.weight, 0.value.weight]");
    }

    @Test
    void namesEndAtADot() {
        Block model = attentions(1, 2, 2);
        Map<String, NdArray> file = new LinkedHashMap<>(renamed(model)
                .state(List.of(
                        "bert.0.in_proj_weight", "bert.0.in_proj_bias", "bert.0.output.weight", "bert.0.output.bias")));
        file.put("bert.0.myquery.weight", NdArray.zeros(DType.FLOAT64, Shape.of(8, 8)));

        LoadReport report = renamed(model)
                .concat("in_proj_weight", "query.weight", "key.weight", "value.weight")
                .compare(file);

        assertThat(report.unexpected().keySet()).containsExactly("0.myquery.weight");
        assertThat(report.missing()).isEmpty();
    }

    @Test
    void namesAreIgnoredAsTheModelHasThem() {
        Map<String, NdArray> file = apart(2, 8, 8, new Generator(5));
        Block model = attentions(2, 2, 2);
        NdArray before = model.state().get("1.inProjWeight");
        StateDict dict = renamed(model)
                .concat("in_proj_weight", "query.weight", "key.weight", "value.weight")
                .concat("in_proj_bias", "query.bias", "key.bias", "value.bias")
                .ignore("^1\\.");

        assertThat(dict.load(file).ignored())
                .containsExactly("1.in_proj_weight", "1.in_proj_bias", "1.out_proj.weight", "1.out_proj.bias");

        assertThat(model.state().get("1.inProjWeight")).isEqualTo(before);
        assertThat(dict.state(file.keySet()).keySet()).hasSize(8).allMatch(name -> name.startsWith("bert.0."));
    }

    @Test
    void scalarsAndWholesBesideTheirPartsAreRefused() {
        Block model = attentions(1, 2, 2);
        Map<String, NdArray> file = apart(1, 8, 8, new Generator(5));
        StateDict dict = renamed(model).concat("in_proj_bias", "query.bias", "key.bias", "value.bias");
        file.put("bert.0.in_proj_bias", NdArray.zeros(DType.FLOAT64, Shape.of(24)));
        assertThatThrownBy(() -> dict.load(file))
                .hasMessage(
                        "StateDict.concat: there is an array '0.in_proj_bias' as well as its rows under other names");
        file.put("bert.0.self.key.bias", NdArray.scalar(DType.FLOAT64, 1));
        assertThatThrownBy(() -> dict.load(file))
                .hasMessage("StateDict.concat: '0.key.bias' is a scalar, without rows");
    }

    @Test
    void namesAndNumbersOfRowsAreChecked() {
        StateDict dict = new StateDict(new Dense(2, 3, new Generator(1)));

        assertThatThrownBy(() -> dict.concat("weight", "q")).hasMessageContaining("two parts or more");
        assertThatThrownBy(() -> dict.split("weight", "q", "q")).hasMessageContaining("all different");
        assertThatThrownBy(() -> dict.concat("weight", "q", "weight")).hasMessageContaining("all different");
        assertThatThrownBy(() -> dict.split("", "q", "k")).hasMessageContaining("not empty");
        assertThatThrownBy(() -> dict.concat("weight", List.of("q", "k"), 1))
                .hasMessage("StateDict.concat: expected a number of rows from 0 on for each of [q, k], got [1]");
        assertThatThrownBy(() -> dict.concat("weight", List.of("q", "k"), 4, -1))
                .hasMessageContaining("[4, -1]");
        assertThatThrownBy(() -> dict.concat("weight", "q", "k").state()).isInstanceOf(IllegalStateException.class);
    }
}
