package io.adjoint.proof;

import static io.adjoint.autograd.Edge.edge;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Debug;
import io.adjoint.autograd.GradCheck;
import io.adjoint.autograd.GraphMode;
import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.Workspace;
import io.adjoint.autograd.transforms.Transforms;
import io.adjoint.core.DType;
import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.nn.AttentionMask;
import io.adjoint.nn.Block;
import io.adjoint.nn.Init;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Masks;
import io.adjoint.nn.Sequential;
import io.adjoint.nn.data.Batch;
import io.adjoint.nn.data.Collate;
import io.adjoint.nn.data.Csv;
import io.adjoint.nn.data.CsvOptions;
import io.adjoint.nn.data.DataLoader;
import io.adjoint.nn.data.DataStream;
import io.adjoint.nn.data.Dataset;
import io.adjoint.nn.data.Idx;
import io.adjoint.nn.data.Padded;
import io.adjoint.nn.data.StreamLoader;
import io.adjoint.nn.data.TableSchema;
import io.adjoint.nn.data.Vocabulary;
import io.adjoint.nn.layer.BatchNorm2d;
import io.adjoint.nn.layer.Columns;
import io.adjoint.nn.layer.Conv2d;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.layer.Dropout;
import io.adjoint.nn.layer.Dropout2d;
import io.adjoint.nn.layer.Embedding;
import io.adjoint.nn.layer.EmbeddingBag;
import io.adjoint.nn.layer.Identity;
import io.adjoint.nn.layer.LSTM;
import io.adjoint.nn.layer.LSTMCell;
import io.adjoint.nn.layer.LayerNorm;
import io.adjoint.nn.layer.MultiHeadAttention;
import io.adjoint.nn.layer.NormOptions;
import io.adjoint.nn.layer.RecurrentOptions;
import io.adjoint.nn.layer.Standardize;
import io.adjoint.nn.loss.BCE;
import io.adjoint.nn.loss.CTC;
import io.adjoint.nn.loss.CrossEntropy;
import io.adjoint.nn.loss.HingeEmbedding;
import io.adjoint.nn.loss.MSE;
import io.adjoint.nn.loss.NLL;
import io.adjoint.nn.loss.Reduction;
import io.adjoint.nn.metric.RootMeanSquaredError;
import io.adjoint.nn.optim.LBFGS;
import io.adjoint.nn.optim.Plateau;
import io.adjoint.nn.optim.SGD;
import io.adjoint.nn.train.Doctor;
import io.adjoint.nn.train.Outcome;
import io.adjoint.nn.train.Trainer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Tests that docs/errors.md quotes exactly the messages that the wrong calls of this test get. */
// Long because it is a list: each mistake of the page.
class ErrorsPageTest {
    /** The first cell of a row of the table: a message in backquotes, with … in place of parts that depend on the call. */
    private static final Pattern ROW = Pattern.compile("^\\| `([^`]+)` \\|.*");

    private static final Generator RNG = new Generator(1);
    private static final Init INIT = new Init(RNG);
    private static final Dataset<Integer> NUMBERS = Dataset.of(2, k -> k);
    private static final Csv TABLE = Csv.of("a,b\n1,x\n", new CsvOptions());
    private static final Tensor MATRIX = Tensor.of(new double[][] {{1, 2, 3}, {4, 5, 6}});
    private static final Tensor LABELS = Tensor.of(new int[] {0, 5});

    private static final Sequential MODEL = new Sequential(new Dense(3, 3, INIT), new Dropout(0.5, RNG));
    private static final Layer UNREGISTERED = new Unregistered();
    private static final Batch BATCH = new Batch(MATRIX, MATRIX);

    private static Tensor leaf() {
        return Tensor.of(MATRIX.data().copy()).requiresGrad(true);
    }

    @TestFactory
    Stream<DynamicTest> eachQuotedMessageIsThrown() throws IOException {
        List<String> thrown = messages();
        return quoted().map(quote -> DynamicTest.dynamicTest(
                quote,
                () -> assertThat(thrown)
                        .anyMatch(message -> pattern(quote).matcher(message).find())));
    }

    @TestFactory
    Stream<DynamicTest> eachThrownMessageIsQuoted() throws IOException {
        List<String> quotes = quoted().toList();
        return messages().stream()
                .map(message -> DynamicTest.dynamicTest(
                        message,
                        () -> assertThat(quotes)
                                .anyMatch(
                                        quote -> pattern(quote).matcher(message).find())));
    }

    private static Stream<String> quoted() throws IOException {
        return Files.readAllLines(DocumentationTest.ROOT.resolve("docs/errors.md")).stream()
                .map(ROW::matcher)
                .filter(Matcher::matches)
                .map(row -> row.group(1));
    }

    private static Pattern pattern(String quote) {
        return Pattern.compile(
                Arrays.stream(quote.split("…", -1)).map(Pattern::quote).collect(Collectors.joining(".*")),
                Pattern.DOTALL);
    }

    private static List<String> messages() {
        return Stream.of(
                        MISTAKES,
                        FileMistakes.ALL,
                        EquationMistakes.ALL,
                        FitMistakes.ALL,
                        DistributionMistakes.ALL,
                        WorkerMistakes.ALL)
                .flatMap(List::stream)
                .map(mistake -> String.valueOf(catchThrowable(mistake).getMessage()))
                .toList();
    }

    private static final List<ThrowingCallable> MISTAKES = List.of(
            () -> new Workspace().run(() -> MATRIX.add(1)).sum(),
            () -> Workspace.keep(new Workspace().run(() -> MATRIX.add(1))),
            // ---- gradients ----
            () -> leaf().mul(2).backward(),
            () -> MATRIX.sum().backward(),
            () -> leaf().gt(2).mean().backward(),
            ErrorsPageTest::backwardTwice,
            ErrorsPageTest::stepBeforeBackward,
            () -> Autograd.grad(leaf().sum(), leaf()),
            () -> leaf().mul(2).backward(Tensor.of(1, 2)),
            () -> LABELS.requiresGrad(true),
            () -> leaf().requiresGrad(false),
            () -> leaf().mul(2).assign(MATRIX.data()),
            ErrorsPageTest::gradientOfAnUnrecordedGradient,
            // ---- shapes ----
            () -> MATRIX.matmul(MATRIX),
            () -> MATRIX.add(Tensor.of(1, 2)),
            () -> MATRIX.reshape(4, 2),
            () -> Tensor.concat(0, MATRIX, Tensor.of(new double[][] {{1, 2}})),
            () -> Tensor.stack(0, MATRIX, MATRIX.transpose()),
            () -> MATRIX.sum(2),
            () -> MATRIX.sum(0, 0),
            () -> MATRIX.permute(0),
            () -> MATRIX.select(0, 2),
            () -> MATRIX.item(),
            () -> Tensor.zeros(0, 3).amax(),
            // ---- types ----
            () -> MATRIX.add(MATRIX.to(DType.FLOAT32)),
            () -> LABELS.mean(),
            () -> MATRIX.indexSelect(0, Tensor.of(1, 0)),
            () -> MATRIX.indexSelect(0, MATRIX.gt(1).select(0, 0)),
            () -> MATRIX.maskedFill(MATRIX, 0),
            () -> Tensor.of(new int[] {Integer.MAX_VALUE}).add(1),
            () -> MATRIX.gt(1).add(MATRIX.gt(2)),
            // ---- linear algebra ----
            () -> Tensor.ones(2, 2).inv(),
            () -> Tensor.of(new double[][] {{1, 2}, {2, 1}}).cholesky(),
            // ---- layers ----
            () -> new Sequential(new Dense(4, 2, INIT)).forward(MATRIX),
            () -> new Conv2d(3, 4, 3, INIT).forward(Tensor.zeros(1, 2, 5, 5)),
            () -> new Conv2d(3, 4, 3, INIT).forward(Tensor.zeros(1, 3, 2, 2)),
            () -> new BatchNorm2d(3, INIT).forward(Tensor.zeros(1, 3, 1, 1)),
            () -> MATRIX.embedding(LABELS),
            () -> new LayerNorm(4, INIT).forward(MATRIX),
            () -> new LayerNorm(Shape.of(3), new NormOptions().momentum(0.1), INIT),
            () -> new Dropout(20, RNG),
            () -> new Dropout2d(RNG).forward(Tensor.zeros(3, 28, 28)),
            () -> new LSTM(3, 4, INIT).forward(MATRIX),
            () -> new LSTMCell(3, 4, new RecurrentOptions().layers(2), INIT),
            () -> new Embedding(5, 2, INIT).forward(LABELS),
            () -> new EmbeddingBag(6, 2, INIT).forward(LABELS),
            () -> new MultiHeadAttention(100, 8, INIT),
            () -> new MultiHeadAttention(4, 2, INIT)
                    .forward(Tensor.zeros(2, 3, 4), new AttentionMask().keys(Masks.lengths(5, 5, 4))),
            () -> new Dense(2, 2, INIT).load(Map.of("weights", MATRIX.data())),
            () -> new Dense(2, 2, INIT).load(new Dense(2, 2, new Init(RNG).dtype(DType.FLOAT32)).state()),
            () -> new Unregistered().add(MATRIX),
            () -> Trainer.of(UNREGISTERED, new SGD(UNREGISTERED.parameters(), 0.1), new MSE())
                    .fit(List.of(BATCH), 1),
            () -> {
                Layer leaves = new Leaves();
                Trainer.of(leaves, new SGD(leaves.parameters(), 0.1), new MSE()).fit(List.of(BATCH), 1);
            },
            () -> new Standardize(3).forward(MATRIX),
            () -> new Columns().add(0, 2, new Identity()).forward(MATRIX),
            () -> {
                Layer lazy = new Lazy();
                Trainer.of(lazy, new SGD(lazy.parameters(), 0.1), new MSE()).fit(List.of(BATCH), 1);
            },
            () -> diagnose(UNREGISTERED, () -> {
                Tensor unused = UNREGISTERED.forward(MATRIX);
            }),
            // ---- losses ----
            () -> new MSE().forward(MATRIX, Tensor.of(1, 2, 3)),
            () -> new CrossEntropy().forward(MATRIX, LABELS),
            () -> new CrossEntropy().forward(MATRIX, Tensor.of(0, 1)),
            () -> new CrossEntropy().forward(MATRIX, MATRIX.to(DType.INT32)),
            () -> new NLL().forward(MATRIX, MATRIX),
            () -> new BCE().forward(MATRIX, MATRIX),
            () -> new HingeEmbedding().forward(Tensor.of(1, 2), Tensor.of(0, 1)),
            () -> new CTC()
                    .forward(
                            Tensor.zeros(4, 1, 3),
                            Tensor.of(new int[][] {{1}}),
                            Tensor.of(new int[] {9}),
                            Tensor.of(new int[] {1})),
            // ---- optimizers ----
            () -> new SGD(List.of(), 0.1),
            () -> new SGD(List.of(leaf().mul(2)), 0.1),
            () -> new SGD(List.of(MATRIX), 0.1),
            () -> new SGD(List.of(leaf()), -1),
            // ---- training ----
            () -> trainer().patience(2).fit(List.of(), 1),
            () -> trainer()
                    .validate(List.of(BATCH))
                    .schedule(step -> 0.1)
                    .plateau(new Plateau(0.1))
                    .fit(List.of(BATCH), 1),
            () -> Trainer.of(
                            MODEL,
                            sgd(),
                            (prediction, target) -> prediction.sub(target).square())
                    .fit(List.of(BATCH), 1),
            () -> Trainer.of(MODEL, sgd(), new MSE().reduction(Reduction.NONE)),
            () -> {
                Dense frozen = new Dense(3, 3, INIT);
                frozen.freeze();
                Trainer.of(frozen, new SGD(frozen.parameters(), 0.1), new MSE()).fit(List.of(BATCH), 1);
            },
            () -> trainer().fit(List.of(), 1),
            () -> trainer().evaluate(List.of()),
            () -> Trainer.<Batch>of(
                            MODEL,
                            sgd(),
                            batch -> new Outcome(MODEL.forward(batch.x()).sum()))
                    .metrics(new RootMeanSquaredError())
                    .fit(List.of(BATCH), 1),
            () -> trainer().validate(List.of(BATCH)).validate(List.of(BATCH)),
            () -> Trainer.of(MODEL, new LBFGS(MODEL.parameters()), new MSE())
                    .clipNorm(1)
                    .fit(List.of(BATCH), 1),
            ErrorsPageTest::continueWithoutTheLoader,
            () -> trainer().load(Map.of()),
            () -> new Plateau(0.1).factor(10),
            () -> diagnose(ErrorsPageTest::trainWithoutZeroGrad),
            () -> diagnose(ErrorsPageTest::trainWithoutStep),
            () -> diagnose(ErrorsPageTest::evaluateInTrainingMode),
            // ---- data ----
            () -> Dataset.of(MATRIX, Tensor.of(1, 2, 3)),
            () -> take(new DataLoader<>(NUMBERS.augment((k, random) -> k + random.nextInt()), 1, samples -> samples)),
            () -> take(new DataLoader<>(NUMBERS.map(k -> Tensor.zeros(k + 1)), 2)),
            () -> take(new DataLoader<>(NUMBERS, 2)),
            () -> take(new DataLoader<>(NUMBERS.map(k -> new Padded(MATRIX, MATRIX)), 2, Collate.into(One.class))),
            ErrorsPageTest::goOnWithAnotherStream,
            () -> new DataLoader<>(NUMBERS, 2, samples -> samples)
                    .shuffle(new Random(1))
                    .state(),
            () -> TABLE.doubles("b"),
            () -> TABLE.doubles("c"),
            () -> Idx.read(new ByteArrayInputStream(new byte[] {0, 0, 8, 1, 0, 0, 0, 9, 1, 2}), "images.idx"),
            () -> new TableSchema().numbers("a").tensor(Map.of("c", 1)),
            () -> new TableSchema().numbers("a").tensor(Map.of("a", "Infinity")),
            () -> new TableSchema().category("b", Vocabulary.of(List.of("y"))).tensor(TABLE.rows()),
            () -> new TableSchema().targetNumber("c").batch(TABLE.rows()),
            () -> Vocabulary.of(List.of("a", "b")).index("c"),
            // ---- operations of one's own ----
            () -> own(g -> Tensor.of(1, 2)).sum().backward(),
            ErrorsPageTest::ruleThatReturnsNull,
            ErrorsPageTest::secondDerivativeOfFirstOrder,
            () -> new GradCheck().report(in -> in[0].mul(2), Tensor.of(new float[] {1})),
            () -> new GradCheck().report(in -> in[0].add(1e16), MATRIX),
            () -> Debug.detectNaN(() -> leaf().neg().sqrt()),
            () -> Transforms.fused(x -> x.sub(x.mean()), leaf()),
            () -> {
                Tensor w = leaf();
                Tensor loss = Transforms.fused(x -> x.tanh().exp(), w).sum();
                w.assign(w.data().add(1));
                loss.backward();
            });

    private static SGD sgd() {
        return new SGD(MODEL.parameters(), 0.01);
    }

    private static Trainer<Batch> trainer() {
        return Trainer.of(MODEL, sgd(), new MSE());
    }

    private static void continueWithoutTheLoader() {
        DataLoader<Batch> loader = new DataLoader<>(Dataset.of(MATRIX, MATRIX), 1);
        List<Map<String, NdArray>> states = new ArrayList<>();
        Trainer<Batch> cut = trainer();
        cut.onStep(() -> states.add(cut.state())).fit(loader, 1);
        Trainer<Batch> continued = trainer();
        continued.load(states.get(0));
        continued.fit(loader, 1);
    }

    /** Throws the report of a {@link Doctor} that watched a training. */
    private static void diagnose(Runnable training) {
        diagnose(MODEL, training);
    }

    private static void diagnose(Block model, Runnable training) {
        try (Doctor doctor = Doctor.watch(model)) {
            training.run();
            throw new IllegalStateException(doctor.report());
        }
    }

    private static Tensor loss() {
        return new MSE().forward(MODEL.forward(MATRIX), MATRIX);
    }

    private static void trainWithoutZeroGrad() {
        SGD sgd = sgd();
        sgd.zeroGrad();
        for (int step = 0; step < 4; step++) {
            loss().backward();
            sgd.step();
        }
    }

    private static void trainWithoutStep() {
        for (int pass = 0; pass < 100; pass++) {
            loss().backward();
        }
    }

    private static void evaluateInTrainingMode() {
        SGD sgd = sgd();
        for (int epoch = 0; epoch < 3; epoch++) {
            sgd.zeroGrad();
            loss().backward();
            sgd.step();
            Objects.requireNonNull(Autograd.noGrad(() -> MODEL.forward(MATRIX)));
        }
    }

    /** A layer that registers a part in its first forward pass. */
    private static final class Lazy extends Layer {
        private final Dense first = child("first", new Dense(3, 3, INIT));

        @Override
        protected Tensor compute(Tensor x) {
            return child("second", new Dense(3, 3, INIT)).forward(first.forward(x));
        }
    }

    /** A layer with an inner layer in a plain field, not registered as a child. */
    private static final class Unregistered extends Layer {
        private final Dense first = child("first", new Dense(3, 3, INIT));
        private final Dense second = new Dense(3, 3, INIT);

        @Override
        protected Tensor compute(Tensor x) {
            return second.forward(first.forward(x));
        }

        void add(Tensor constant) {
            parameter("constant", constant);
        }
    }

    /** A layer with a list of leaves in a plain field. */
    private static final class Leaves extends Layer {
        private final Dense first = child("first", new Dense(3, 3, INIT));
        private final List<Tensor> scales = List.of(INIT.ones(Shape.of(3)));

        @Override
        protected Tensor compute(Tensor x) {
            return first.forward(x).mul(scales.get(0));
        }
    }

    private record One(Tensor x) {}

    private static void goOnWithAnotherStream() {
        StreamLoader<List<Integer>> loader = DataStream.of(List.of(1, 2, 3)).batch(2, samples -> samples);
        loader.iterator().forEachRemaining(batch -> {
            StreamLoader<List<Integer>> shorter = DataStream.of(List.of(1)).batch(2, samples -> samples);
            shorter.load(loader.state());
            shorter.iterator().next();
        });
    }

    private static void take(DataLoader<?> loader) {
        Objects.requireNonNull(loader.iterator().next());
    }

    private static Tensor own(UnaryOperator<Tensor> rule) {
        return Autograd.op("own", MATRIX.data(), edge(leaf(), rule));
    }

    @SuppressWarnings("NullAway") // the mistake that is tested
    private static void ruleThatReturnsNull() {
        own(g -> null).sum().backward();
    }

    private static void secondDerivativeOfFirstOrder() {
        Tensor w = leaf();
        Tensor y = Autograd.op("own", w.data(), edge(w, Autograd.firstOrder("own", g -> g)));
        Tensor gradient = Autograd.grad(y.square().sum(), GraphMode.CREATE, w);
        gradient.sum().backward();
    }

    private static void backwardTwice() {
        Tensor loss = leaf().square().sum();
        loss.backward();
        loss.backward();
    }

    private static void stepBeforeBackward() {
        Tensor w = leaf();
        w.sum().backward();
        Tensor loss = w.square().sum();
        new SGD(List.of(w), 0.1).step();
        loss.backward();
    }

    private static void gradientOfAnUnrecordedGradient() {
        Tensor w = leaf();
        w.square().sum().backward();
        Objects.requireNonNull(w.grad()).sum().backward();
    }
}
