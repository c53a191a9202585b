package io.adjoint.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.nn.Block;
import io.adjoint.nn.Init;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Sequential;
import io.adjoint.nn.layer.BatchNorm1d;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.layer.NormOptions;
import io.adjoint.nn.layer.Tanh;
import io.adjoint.nn.layer.WeightNorm;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The reports of {@link StateDict#load} about states that don't fit; the model then stays as it was. */
class LoadReportTest {
    private static final NdArray OTHER = NdArray.full(DType.FLOAT32, Shape.of(7), 1);

    private static final String IGNORE = "\n  to leave out what is mismatched: ignore(\"^2\\\\.\")";

    private final Init init = new Init(new Generator(1)).dtype(DType.FLOAT32);
    private final Sequential model =
            new Sequential(new Dense(2, 3, init), new BatchNorm1d(3, init), new Dense(3, 1, init));
    private final StateDict dict = new StateDict(model);
    private final Map<String, NdArray> before = model.state();
    /** The state of another model of the same architecture. */
    private final Map<String, NdArray> state = new LinkedHashMap<>(
            new StateDict(new Sequential(new Dense(2, 3, init), new BatchNorm1d(3, init), new Dense(3, 1, init)))
                    .state());

    private void assertRefused(StateDict by, String message) {
        assertThatThrownBy(() -> by.load(state))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
        assertThat(model.state()).isEqualTo(before);
    }

    @Test
    void aStrictLoadNamesEverythingThatDoesNotFit() {
        state.remove("0.bias");
        state.put("head.weight", OTHER);
        state.put("2.weight", OTHER);
        state.put("2.bias", NdArray.of(Shape.of(1), new int[] {1}));
        assertRefused(
                dict,
                "StateDict: the state does not fit the model, and nothing was loaded: 5 fit; 1 missing, 1 unexpected, 2"
                        + " mismatched\n  missing '0.bias' FLOAT32 [3]"
                        + "\n  unexpected 'head.weight' FLOAT32 [7]"
                        + "\n  mismatched '2.weight': FLOAT32 [7] instead of FLOAT32 [1, 3]"
                        + "\n  mismatched '2.bias': INT32 [1] instead of FLOAT32 [1]" + IGNORE);
    }

    @Test
    void aStrictLoadSaysHowToLeaveOutWhatTheModelHasNot() {
        state.put("head.weight", OTHER);
        assertRefused(
                dict,
                "StateDict: the state does not fit the model, and nothing was loaded: 8 fit; 0 missing, 1 unexpected, 0"
                        + " mismatched\n  unexpected 'head.weight' FLOAT32 [7]"
                        + "\n  to leave out what is missing or unexpected: strict(false), or ignore(regex) for a choice");
    }

    @Test
    void aLoadThatIsNotStrictLeavesOutWhatIsMissingOrUnexpected() {
        state.remove("0.bias");
        state.put("head.weight", OTHER);
        LoadReport report = dict.strict(false).load(state);
        assertThat(report.isExact()).isFalse();
        assertThat(report.loaded())
                .containsExactly(
                        "0.weight", "1.weight", "1.bias", "1.running_mean", "1.running_var", "2.weight", "2.bias");
        assertThat(report.missing()).containsOnlyKeys("0.bias");
        assertThat(report.unexpected()).containsOnlyKeys("head.weight");
        assertThat(report)
                .hasToString("7 fit; 1 missing, 1 unexpected, 0 mismatched"
                        + "\n  missing '0.bias' FLOAT32 [3]\n  unexpected 'head.weight' FLOAT32 [7]");
        Map<String, NdArray> after = model.state();
        assertThat(after.get("0.bias")).isEqualTo(before.get("0.bias"));
        assertThat(after.get("2.weight")).isEqualTo(state.get("2.weight")).isNotEqualTo(before.get("2.weight"));
    }

    @Test
    void whatIsMismatchedIsRefusedInAnyCaseUnlessItIsIgnored() {
        state.put("2.weight", OTHER);
        assertRefused(
                dict.strict(false),
                "StateDict: the state does not fit the model, and nothing was loaded: 7 fit; 0 missing, 0 unexpected, 1"
                        + " mismatched\n  mismatched '2.weight': FLOAT32 [7] instead of FLOAT32 [1, 3]" + IGNORE);
        LoadReport report = dict.ignore("^2\\.").load(state);
        assertThat(report).hasToString("6 fit; 0 missing, 0 unexpected, 0 mismatched, 2 ignored");
        assertThat(report.ignored()).containsExactly("2.weight", "2.bias");
        assertThat(model.state().get("2.weight")).isEqualTo(before.get("2.weight"));
        assertThat(model.state().get("0.weight")).isEqualTo(state.get("0.weight"));
    }

    @Test
    void aStateOfWhichNothingFitsIsRefusedInAnyCase() {
        state.clear();
        state.put("other", OTHER);
        assertThatThrownBy(() -> dict.strict(false).load(state)).hasMessageContaining("0 fit; 8 missing, 1 unexpected");
        assertThat(model.state()).isEqualTo(before);
    }

    @Test
    void aStateWithoutArraysIsRefusedInAnyCaseUnlessTheModelHasNoneEither() {
        assertThatThrownBy(() -> dict.strict(false).load(Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(
                        "StateDict: the state does not fit the model, and nothing was loaded: it has no arrays;"
                                + " 0 fit; 8 missing, 0 unexpected, 0 mismatched\n  missing '0.weight' FLOAT32 [3, 2]");
        assertThat(model.state()).isEqualTo(before);
        assertThat(new StateDict(new Tanh()).strict(false).load(Map.of()).loaded())
                .isEmpty();
    }

    @Test
    void aStateOfWhichEverythingIsIgnoredIsRefused() {
        state.put("1.num_batches_tracked", OTHER);
        assertRefused(
                dict.ignore("."),
                "StateDict: the state does not fit the model, and nothing was loaded: 0 fit; 0 missing, 0 unexpected, 0"
                        + " mismatched, 9 ignored");
    }

    @Test
    void theBlocksOwnNamesAreRecognized() {
        assertThatThrownBy(() -> dict.load(before))
                .hasMessageContaining("unexpected '1.runningMean'")
                .hasMessageEndingWith("these are the block's own names, not PyTorch's: model.load(state)");
        state.put("1.runningMean", OTHER);
        assertThatThrownBy(() -> dict.load(state)).hasMessageNotContaining("own names");
    }

    @Test
    void aNameWithoutADotIsIgnoredByItself() {
        Map<String, NdArray> other = Map.of("weight", OTHER, "bias", OTHER);
        assertThat(new StateDict(new Dense(2, 3, init)).compare(other).toString())
                .endsWith("ignore(\"^weight$\")");
    }

    @Test
    void comparingChangesNothing() {
        state.remove("0.weight");
        assertThat(dict.compare(state).missing()).containsOnlyKeys("0.weight");
        assertThat(model.state()).isEqualTo(before);
    }

    @Test
    void aPrefixThatIsTooManyOrTooFewIsSaid() {
        Map<String, NdArray> wrapped = new LinkedHashMap<>();
        state.forEach((name, array) -> wrapped.put("module.net." + name, array));
        assertThat(dict.compare(wrapped).toString())
                .endsWith("all that is missing is there behind 'module.net.': rename(\"^module\\\\.net\\\\.\", \"\")");
        assertThat(dict.rename("^module\\.net\\.", "").load(wrapped).isExact()).isTrue();
        StateDict outer = new StateDict(new Sequential(model));
        assertThat(outer.compare(state).toString())
                .endsWith("all that is missing begins with '0.': rename(\"^\", \"0.\")");
        assertThat(outer.rename("^", "0.").load(state).isExact()).isTrue();
    }

    private static final class Named extends Layer {
        Named(Init init) {
            child("myHead", new Dense(2, 3, init));
            child("body", new Dense(2, 3, init));
        }

        @Override
        protected Tensor compute(Tensor x) {
            return x;
        }
    }

    @Test
    void aNameInAnotherCaseIsSuggestedAsARenaming() {
        StateDict named = new StateDict(new Sequential(new Named(init), new Named(init)));
        Map<String, NdArray> camel = new LinkedHashMap<>();
        named.state().forEach((name, array) -> camel.put(name.replace("my_head", "myHead"), array));

        assertThatThrownBy(() -> named.load(camel))
                .hasMessageContaining(
                        "\n  'myHead' is 'my_head' in the model: rename(\"\\\\bmyHead\\\\b\", \"my_head\")\n")
                .hasMessageNotContaining("'body' is");
        assertThat(named.rename("\\bmyHead\\b", "my_head").load(camel).isExact())
                .isTrue();
        camel.put("_.", OTHER);
        assertThat(named.compare(camel).unexpected()).containsKey("_.");
    }

    @Test
    void namesThatBecomeTheSameAreRefused() {
        assertRefused(
                dict.rename("^2", "0"),
                "StateDict: several names become '0.weight' by renaming, '2.weight' is one; nothing was loaded");
        assertThatThrownBy(() -> new StateDict(new TwoInOne(init)).state())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("StateDict: 'hiddenLayer.weight' and 'hidden_layer.weight' would both be"
                        + " 'hidden_layer.weight' in PyTorch; rename a block");
    }

    @Test
    void floatsAreConvertedToTheModelsDtypeAsInPyTorch() {
        NdArray wide = NdArray.of(Shape.of(3), 0.1, 1e300, -0.0);
        state.put("0.bias", wide);
        assertThat(dict.load(state).converted()).containsExactly("0.bias");
        assertThat(dict.load(state)).hasToString("8 fit, 1 by conversion; 0 missing, 0 unexpected, 0 mismatched");
        assertThat(model.state().get("0.bias")).isEqualTo(wide.to(DType.FLOAT32));
    }

    @Test
    void aCountOfBatchesIsNeitherMissedNorKeptUnlessTheAverageIsCumulative() {
        NdArray count = NdArray.of(Shape.scalar(), new int[] {12});
        state.put("1.num_batches_tracked", count);
        assertThat(dict.load(state).isExact()).isTrue();
        assertThat(dict.state().get("1.num_batches_tracked")).isEqualTo(NdArray.zeros(DType.INT32, Shape.scalar()));
        state.remove("1.num_batches_tracked");
        assertThat(dict.load(state).isExact()).isTrue();

        StateDict cumulative = new StateDict(new BatchNorm1d(3, new NormOptions().cumulativeAverage(), init));
        Map<String, NdArray> counted = cumulative.state();
        counted.put("num_batches_tracked", count);
        assertThat(cumulative.load(counted).isExact()).isTrue();
        assertThat(cumulative.state().get("num_batches_tracked")).isEqualTo(count);
        counted.remove("num_batches_tracked");
        assertThat(cumulative.compare(counted).missing()).containsOnlyKeys("num_batches_tracked");
        StateDict untracked = new StateDict(new BatchNorm1d(3, new NormOptions().trackRunningStats(false), init));
        counted.put("num_batches_tracked", count);
        assertThat(untracked.compare(counted).unexpected())
                .containsOnlyKeys("running_mean", "running_var", "num_batches_tracked");
    }

    @Test
    void oneNameOfASharedParameterIsEnoughAndTwoMustAgree() {
        Dense shared = new Dense(2, 2, init);
        Sequential tied = new Sequential(shared, shared);
        Map<String, NdArray> of = new StateDict(tied).state();
        NdArray weight = NdArray.full(DType.FLOAT32, Shape.of(2, 2), 5);
        of.remove("0.weight");
        of.put("1.weight", weight);
        assertThat(new StateDict(tied).load(of).missing()).isEmpty();
        assertThat(shared.weight().data()).isEqualTo(weight);
        of.put("0.weight", NdArray.full(DType.FLOAT32, Shape.of(2, 2), 6));
        assertThatThrownBy(() -> new StateDict(tied).load(of)).hasMessageContaining("one shared parameter");
        assertThat(shared.weight().data()).isEqualTo(weight);
        assertThat(new StateDict(tied).ignore("^0\\.weight").load(of).isExact()).isTrue();
    }

    @Test
    void ofAnOlderAndAPresentNameThePresentOneIsTaken() {
        StateDict norm = new StateDict(WeightNorm.of(new Dense(2, 3, init)));
        Map<String, NdArray> both = norm.state();
        both.put("weight_g", Objects.requireNonNull(both.get("parametrizations.weight.original0")));
        assertThat(norm.compare(both).unexpected()).containsOnlyKeys("weight_g");
    }

    @Test
    void namesGiveThePathOfEachArray() {
        assertThat(dict.names()).hasSize(8).containsEntry("1.running_var", "1.runningVariance");
    }

    /** A block with two children whose names are equal in snake case. */
    private static final class TwoInOne extends Block {
        private TwoInOne(Init init) {
            child("hiddenLayer", Dense.withoutBias(1, 1, init));
            child("hidden_layer", Dense.withoutBias(1, 1, init));
        }
    }

    // ---- writing by the names of a file ----

    @Test
    void namesThatWereRenamedAreWrittenAgain() {
        Block model = new Renamed();
        Map<String, NdArray> file = new LinkedHashMap<>();
        new StateDict(model).state().forEach((name, array) -> file.put(name.replace("my_head", "myHead"), array));
        StateDict dict = new StateDict(model).rename("^myHead\\.", "my_head.");
        dict.load(file);
        assertThat(dict.state(file.keySet())).isEqualTo(file).containsKey("myHead.weight");
        assertThatThrownBy(dict::state)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("state(loaded.keySet())");
        assertThatThrownBy(() -> dict.state(Set.of("myHead.weight")))
                .hasMessageStartingWith("StateDict: there is no name for [my_head.bias]");
        assertThat(dict.strict(false).state(Set.of("myHead.weight"))).containsOnlyKeys("myHead.weight");
        assertThat(dict.ignore("bias$").state(file.keySet())).containsOnlyKeys("myHead.weight");
        assertThatThrownBy(() -> dict.state(List.of("myHead.weight", "my_head.weight")))
                .hasMessageContaining("several names become 'my_head.weight' by renaming");
        assertThatThrownBy(() -> dict.state(List.of("myHead.wieght")))
                .hasMessage("StateDict: the model has no array for the name 'myHead.wieght'; it has"
                        + " [my_head.weight, my_head.bias]");
    }

    private static final class Renamed extends Block {
        Renamed() {
            child("myHead", new Dense(2, 3, new Init(new Generator(1))));
        }
    }
}
