package io.adjoint.io.onnx;

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
import io.adjoint.nn.layer.Bilinear;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.layer.Embedding;
import io.adjoint.nn.layer.GLU;
import io.adjoint.nn.layer.GRU;
import io.adjoint.nn.layer.LSTM;
import io.adjoint.nn.layer.Lambda;
import io.adjoint.nn.layer.MultiHeadAttention;
import io.adjoint.nn.layer.ReLU;
import io.adjoint.nn.layer.RecurrentOptions;
import io.adjoint.nn.layer.Residual;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models and options that are refused, by a message that names the block. */
class OnnxErrorsTest {
    private static final OnnxOptions FOUR = new OnnxOptions().input("x", DType.FLOAT32, Shape.of(1, 4));

    private final Init init = new Init(new Generator(1));

    @TempDir
    Path folder;

    private static final class Doubled extends Layer {
        @Override
        protected Tensor compute(Tensor x) {
            return x.add(x);
        }
    }

    private static final class Positive extends Layer {
        @Override
        protected Tensor compute(Tensor x) {
            return x.maximum(0);
        }
    }

    private void refuses(Block model, OnnxOptions options, String message) {
        Path file = folder.resolve("model.onnx");
        assertThatThrownBy(() -> Onnx.export(file, model, options))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("Onnx: " + message);
        assertThat(file).doesNotExist();
        assertThat(model.isTraining()).isTrue();
    }

    @Test
    void blocksWithoutCounterpart() {
        Lambda lambda = new Lambda("gamma", x -> x.lgamma());
        refuses(
                new Sequential(new ReLU(), new Residual(lambda)),
                FOUR,
                "1.layer (Lambda) computes by the operation 'lgamma', for which there is no rule: say by"
                        + " OnnxOptions.operation what its nodes are, or by OnnxOptions.layer what the block computes");
    }

    @Test
    void blocksThatDependOnMoreThanTheirInputs() {
        refuses(
                new Lambda("data", x -> x.add(Tensor.of(x.data().mul(2)))),
                FOUR,
                "the model (Lambda) computes with a tensor [2, 4] that no operation of a tensor made");
        refuses(
                new Lambda("item", x -> x.mul(x.sum().item())),
                FOUR,
                "the model (Lambda) reads a number that depends on the example by item()");
        refuses(
                new Lambda("branch", x -> x.square().sum().data().item() > 100 ? x.neg() : x),
                FOUR,
                "the model (Lambda) computes by other operations for other examples, 'nothing more' and 'neg'");
        refuses(
                new Lambda(
                        "branch that all examples take", x -> x.square().sum().item() >= 0 ? x.neg() : x),
                FOUR,
                "the model (Lambda) reads a number that depends on the example by item()");
        refuses(
                new Lambda("batch", x -> x.div(x.shape().dim(0))),
                FOUR,
                "the model (Lambda) computes by other operations for other examples, 'div(number=2)' and 'div(number=3)'");
    }

    /** The runs of an export have other integers, and given samples in another order. */
    @Test
    void blocksThatDependOnIntegersOrOnGivenNumbers() {
        refuses(
                new Lambda("sum", ids -> ids.mul((int) ids.sum().data().item())),
                new OnnxOptions().input("ids", DType.INT32, Shape.of(1, 60)),
                "the model (Lambda) computes by other operations for other examples, 'mul(number=");
        refuses(
                new Lambda(
                        "first", x -> x.mul(x.select(0, 0).select(0, 0).data().item())),
                new OnnxOptions().input("x", Tensor.of(new float[][] {{0.25f, 0.75f}, {0.5f, 1}})),
                "the model (Lambda) computes by other operations for other examples, 'mul(number=");
    }

    @Test
    void inputsThatDoNotFit() {
        refuses(
                new Sequential(new ReLU(), new Dense(3, 2, init)),
                FOUR,
                "the model (Sequential) cannot take [x FLOAT32 [-1, 4]]: 1: Dense(3 -> 2): linear: expected input");
        refuses(
                new Sequential(new Embedding(5, 2, init)),
                FOUR,
                "the model (Sequential) cannot take [x FLOAT32 [-1, 4]]: 0: Embedding(5 -> 2): embedding: the index is");
        refuses(
                new GRU(3, 2, init),
                new OnnxOptions().input("x", DType.FLOAT32, Shape.of(1, 5, 4)),
                "the model (GRU) cannot take [x FLOAT32 [-1, 5, 4]]: GRU(3 -> 2): gru: expected input [N, T, 3]");
        refuses(
                new MultiHeadAttention(4, 2, init),
                FOUR,
                "the model (MultiHeadAttention) cannot take [x FLOAT32 [-1, 4]]: MultiHeadAttention(4, 2 heads):");
        refuses(new Bilinear(4, 4, 1, init), FOUR, "the model (Bilinear) has fewer inputs, [x FLOAT32 [-1, 4]], than");
        refuses(new ReLU(), new OnnxOptions(), "the model (ReLU) has one input, got []");
        refuses(new GRU(3, 2, init), new OnnxOptions(), "the model (GRU) has fewer inputs, [], than");
    }

    @Test
    void masksAndLengthsThatDoNotFit() {
        OnnxOptions padded = new OnnxOptions()
                .input("x", DType.FLOAT32, Shape.of(1, 5, 4))
                .input("lengths", DType.INT32, Shape.of(1));
        refuses(
                new LSTM(4, 3, new RecurrentOptions().projection(2), init),
                padded,
                "the model (LSTM) computes with a tensor [5, 2, 1] that no operation of a tensor made");
        refuses(
                new GRU(4, 3, init),
                FOUR.input("h", DType.FLOAT32, Shape.of(1, 3)),
                "the model (GRU) cannot take [x FLOAT32 [-1, 4], h FLOAT32 [-1, 3]]: GRU(4 -> 3): gru: expected input [N, T, 4]");
        refuses(
                new GRU(4, 3, init),
                new OnnxOptions()
                        .input("x", DType.FLOAT32, Shape.of(1, 5, 4))
                        .input("h", DType.FLOAT32, Shape.of(1, 1, 3)),
                "the model (GRU) cannot take [x FLOAT32 [-1, 5, 4], h FLOAT32 [-1, 1, 3]]: GRU(4 -> 3):");
    }

    @Test
    void layersThatTakeTheBatchForSomethingElse() {
        OnnxOptions two = new OnnxOptions().input("x", DType.FLOAT32, Shape.of(2));
        refuses(
                new GLU(0),
                new OnnxOptions().input("x", Tensor.ones(2, 4).to(DType.FLOAT32)),
                "the model (GLU) cannot take");
        refuses(
                new Dense(2, 2, init),
                two,
                "the model (Dense) cannot take [x FLOAT32 [-1]]: Dense(2 -> 2): linear: expected");
    }

    private void refusesRule(OnnxLayerRule<Doubled> rule, String message) {
        refuses(
                new Sequential(new ReLU(), new Doubled()),
                FOUR.layer(Doubled.class, rule),
                "1 (Doubled) has a rule " + message);
    }

    @Test
    void nodesThatOnnxDoesNotHave() {
        refusesRule(
                (g, layer, x) -> g.op("Addd").of(x, x),
                "with a wrong node: Addd[0/Relu FLOAT32 [-1, 4], 0/Relu FLOAT32 [-1, 4]] is no operator of ONNX's set 17;"
                        + " did you mean Add?");
        refusesRule(
                (g, layer, x) -> g.op("ReLU").of(x),
                "with a wrong node: ReLU[0/Relu FLOAT32 [-1, 4]] is no operator of ONNX's set 17; did you mean Relu?");
        refusesRule(
                (g, layer, x) -> g.op("Max2D").of(x),
                "with a wrong node: Max2D[0/Relu FLOAT32 [-1, 4]] is no operator of ONNX's set 17; there are [MatMul, ");
        refusesRule(
                (g, layer, x) -> g.op("Add").of(x),
                "with a wrong node: Add[0/Relu FLOAT32 [-1, 4]] has 2 inputs, got 1");
        refusesRule((g, layer, x) -> g.op("Shape").of(), "with a wrong node: Shape has 1 inputs, got 0");
        refusesRule(
                (g, layer, x) -> g.op("LeakyRelu").real("alfa", 0.1).of(x),
                "with a wrong node: LeakyRelu[0/Relu FLOAT32 [-1, 4]] has no attribute 'alfa' of the type float; it has"
                        + " [alpha]");
        refusesRule(
                (g, layer, x) -> g.op("LeakyRelu").integer("alpha", 1).of(x),
                "with a wrong node: LeakyRelu[0/Relu FLOAT32 [-1, 4]] has no attribute 'alpha' of the type int");
        refusesRule(
                (g, layer, x) -> g.op("Concat").of(x),
                "with a wrong node: Concat[0/Relu FLOAT32 [-1, 4]] needs the attribute 'axis'");
        refusesRule(
                (g, layer, x) ->
                        g.op("Relu").outputs(List.of(x.dims(), x.dims()), x).get(0),
                "with a wrong node: Relu[0/Relu FLOAT32 [-1, 4]] has 1 outputs, got 2");
    }

    @Test
    void nodesThatDoNotTakeTheirInputs() {
        refusesRule(
                (g, layer, x) -> g.op("Add").of(x, g.constant("three", NdArray.zeros(DType.FLOAT32, Shape.of(3)))),
                "with a wrong node: Add[0/Relu FLOAT32 [-1, 4], 1.three FLOAT32 [3]] fails: add: cannot broadcast [2, 4] with [3]");
        refusesRule(
                (g, layer, x) -> g.reshape(x, OnnxValue.BATCH, 3),
                "with a wrong node: Reshape[0/Relu FLOAT32 [-1, 4], 1.integers INT32 [2]] fails: reshape:");
        refusesRule((g, layer, x) -> g.reshape(x, 2, 4), "with a wrong node: Reshape[0/Relu FLOAT32 [-1, 4],");
        refusesRule(
                (g, layer, x) -> g.op("Reshape").of(x, g.constant("dims", NdArray.of(Shape.of(2), new int[] {-1, 4}))),
                "with a wrong node: Reshape takes input 1 as INT64, which OnnxGraph.integers makes, and not 1.dims INT32 [2]");
        refusesRule(
                (g, layer, x) ->
                        g.op("Add").of(g.integers(1), g.constant("one", NdArray.of(Shape.of(1), new int[] {1}))),
                "with a wrong node: Add takes inputs of one type, got [INT64, INT32]");
    }

    @Test
    void rulesThatAreWrong() {
        refusesRule(
                (g, layer, x) -> g.op("Relu").of(x),
                "that computes something else: of [0/Relu FLOAT32 [-1, 4]] it"
                        + " makes 1/Relu FLOAT32 [-1, 4], whose element [0, 0] is");
        refusesRule(
                (g, layer, x) -> g.op("Flatten").to(new int[] {-1, 2}, x),
                "with a wrong node: Flatten[0/Relu FLOAT32 [-1, 4]] makes 1/Flatten FLOAT32 [-1, 4], where the rule says"
                        + " [-1, 2]");
        refusesRule(
                (g, layer, x) -> g.reshape(g.op("Add").of(x, x), OnnxValue.BATCH, 2, 2),
                "that makes 1/Reshape FLOAT32 [-1, 2, 2] of [0/Relu FLOAT32 [-1, 4]], for a batch of the example"
                        + " [2, 2, 2] instead of [2, 4]");
        refusesRule((g, layer, x) -> nothing(), "that returns null");
        Residual residual = new Residual(new Dense(4, 4, init));
        refuses(
                residual,
                FOUR.layer(Residual.class, (g, block, x) -> g.op("Relu").of(g.layer(inside(block), x))),
                "the model (Residual) has a rule that computes something else: of [x FLOAT32 [-1, 4]] it makes Relu");
    }

    @Test
    void rulesThatAreRightForTheExampleOnly() {
        refuses(
                new Lambda("clamp", x -> x.clamp(-20, 20)),
                FOUR.layer(Lambda.class, (g, block, x) -> x),
                "the model (Lambda) has a rule that computes something else: of [x FLOAT32 [-1, 4]] it makes x FLOAT32 [-1, 4],"
                        + " whose element [0, 0] is ");
        refuses(
                new Lambda("branch", x -> x.abs().amax().item() < 0.01 ? x.mul(2) : x),
                FOUR.layer(Lambda.class, (g, block, x) -> x),
                "the model (Lambda) has a rule that computes something else");
        assertThatThrownBy(() -> Onnx.exported(
                        new Lambda("branch", x -> x.abs().amax().item() < 0.01 ? x.mul(2) : x),
                        FOUR.layer(Lambda.class, (g, block, x) -> x)))
                .hasMessageContaining(" for the example × 0.001, and in the model ");
    }

    private static Layer inside(Residual block) {
        return (Layer) Objects.requireNonNull(block.children().get("layer"));
    }

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"}) // a user's rule may return null
    private static <T> T nothing() {
        return null;
    }

    @Test
    void anOperatorThatTheExporterDoesNotComputeIsComputedByItsUser() {
        OnnxLayerRule<Doubled> mod = (g, layer, x) ->
                g.op("Add").of(x, g.op("Mod").integer("fmod", 1).of(x, g.constant(100)));
        refusesRule(
                mod,
                "with a wrong node: Mod is an operator that the exporter does not compute, so the graph cannot be checked;"
                        + " say by computing(...)");
        refusesRule(
                (g, layer, x) -> g.op("CumSum").integer("reverse", 1).of(x, g.integers(1)),
                "with a wrong node: CumSum has the attributes [reverse], by which the exporter does not compute it");
        Path file = folder.resolve("model.onnx");
        Onnx.export(
                file,
                new Doubled(),
                FOUR.layer(
                        Doubled.class,
                        (g, layer, x) -> g.op("Add")
                                .of(
                                        x,
                                        g.op("Mod")
                                                .integer("fmod", 1)
                                                .computing(
                                                        in -> List.of(in.get(0).fmod(in.get(1))))
                                                .of(x, g.constant(100)))));
        assertThat(file).exists();
    }

    @Test
    void anOperationWithoutARuleGetsOneFromItsUser() {
        Lambda wrapped = new Lambda("wrapped", x -> x.fmod(3).add(1));
        refuses(wrapped, FOUR, "the model (Lambda) computes by the operation 'fmod', for which there is no rule");
        OnnxOperation mod = (g, inputs) -> g.op("Mod")
                .integer("fmod", 1)
                .computing(in -> List.of(in.get(0).fmod(in.get(1))))
                .of(inputs.get(0), inputs.get(1));
        Path file = folder.resolve("wrapped.onnx");
        Onnx.export(file, wrapped, FOUR.operation("fmod", mod));
        assertThat(file).exists();
        refuses(
                wrapped,
                FOUR.operation("fmod", (g, inputs) -> inputs.get(0)),
                "the model (Lambda) has a rule that computes something else");
    }

    @Test
    void numbersBeyondFloats() {
        Dense dense = new Dense(1, 1, new Init(new Generator(1)).dtype(DType.FLOAT64));
        dense.weight().assign(NdArray.full(DType.FLOAT64, Shape.of(1, 1), 1e39));
        refuses(
                new Sequential(dense),
                new OnnxOptions().input("x", DType.FLOAT32, Shape.of(1, 1)),
                "'0.weight' has the element 1.0E39, which is beyond FLOAT32, the type of all floating numbers in a file");
        refuses(
                new Doubled(),
                FOUR.layer(
                        Doubled.class,
                        (g, layer, x) -> g.op("LeakyRelu").real("alpha", -1e39).of(x)),
                "the model (Doubled) gives LeakyRelu the attribute 'alpha' = -1.0E39, which is beyond FLOAT32");
    }

    @Test
    void anExampleThatIsGivenIsTheOneThatCounts() {
        Positive layer = new Positive();
        OnnxLayerRule<Positive> rule = (g, block, x) -> x;
        refuses(
                layer,
                FOUR.layer(Positive.class, rule),
                "the model (Positive) has a rule that computes something else");
        Onnx.export(
                folder.resolve("model.onnx"),
                layer,
                new OnnxOptions().input("x", Tensor.ones(DType.FLOAT32, 1, 4)).layer(Positive.class, rule));
    }

    @Test
    void optionsThatAreWrong() {
        refuses(new ReLU(), FOUR.output("x"), "the name 'x' of an output is taken");
        refuses(new ReLU(), FOUR.output("a").output("b"), "the model has 1 outputs, but there are names for [a, b]");
        for (DType dtype : List.of(DType.FLOAT64, DType.BOOL)) {
            assertThatThrownBy(() -> new OnnxOptions().input("x", dtype, Shape.of(1, 4)))
                    .hasMessage("OnnxOptions: expected another input, FLOAT32 or INT32, with an axis for the batch,"
                            + " got 'x' " + dtype + " [1, 4]");
        }
        assertThatThrownBy(() -> FOUR.input("x", DType.FLOAT32, Shape.of(1))).hasMessageContaining("another input");
        assertThatThrownBy(() -> new OnnxOptions().input("x", DType.FLOAT32, Shape.scalar()))
                .hasMessageContaining("with an axis for the batch");
    }

    @Test
    void filesThatAreTooLarge() {
        OnnxFile file = new OnnxFile(DType.FLOAT32);
        NdArray one = NdArray.full(DType.FLOAT32, Shape.of(1), 1);
        OnnxValue value = file.constant("weight", one.broadcastTo(Shape.of(1 << 29)));
        assertThatThrownBy(() -> file.model("model", List.of(), List.of(value), Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageMatching("Onnx: the file would have 2147483\\d+ bytes, but Protocol Buffers have at most"
                        + " 2147483647; export the model in parts");
    }

    @Test
    void foldersThatAreNotThere() {
        Path file = folder.resolve("none").resolve("model.onnx");
        assertThatThrownBy(() -> Onnx.export(file, new ReLU(), Shape.of(1, 4)))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("there is no folder");
    }
}
