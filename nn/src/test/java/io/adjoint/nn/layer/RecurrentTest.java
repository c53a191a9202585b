package io.adjoint.nn.layer;

import static io.adjoint.nn.TestTensors.distance;
import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.GraphMode;
import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.view.GraphView;
import io.adjoint.core.DType;
import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.nn.Init;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RecurrentTest {
    private static final RecurrentOptions ONE = new RecurrentOptions();
    private static final RecurrentOptions TWO = ONE.layers(2).bidirectional();

    private final Generator rng = new Generator(1);
    private final Init init = new Init(rng);
    private final Tensor x = Tensor.randn(rng, 3, 4, 2);
    private final Tensor lengths = lengths(3, 0, 4);

    private static Tensor lengths(int... each) {
        return Tensor.of(each);
    }

    private Stream<Recurrent<?>> networks(RecurrentOptions options) {
        return Stream.of(
                new RNN(2, 5, options, init),
                new RNN(2, 5, options.nonlinearity(RNN.Nonlinearity.RELU), init),
                new GRU(2, 5, options, init),
                new LSTM(2, 5, options, init),
                new LSTM(2, 5, options.projection(3), init));
    }

    // ---- one step, two forms ----

    @Test
    void gradientsThatCanBeDifferentiatedAreThoseOfTheLoop() {
        Stream.of(ONE, TWO, ONE.bidirectional().withoutBias())
                .flatMap(this::networks)
                .forEach(network -> {
                    Tensor input = x.detach().requiresGrad(true);
                    List<Tensor> leaves = new ArrayList<>(network.parameters());
                    leaves.add(input);
                    for (boolean isPadded : new boolean[] {false, true}) {
                        Supplier<Tensor> loss = () -> {
                            Recurrent.Output<?> output =
                                    isPadded ? network.forward(input, lengths) : network.forward(input);
                            return weighted(output);
                        };
                        Tensor[] all = leaves.toArray(Tensor[]::new);
                        List<Tensor> loop = Autograd.grad(loss.get(), all);
                        List<Tensor> composed = Autograd.grad(loss.get(), GraphMode.CREATE, all);
                        for (int k = 0; k < all.length; k++) {
                            assertThat(distance(loop.get(k), composed.get(k))).isLessThan(1e-12);
                        }
                    }
                });
    }

    private static Tensor hidden(Object state) {
        return state instanceof LSTM.State memory
                ? memory.hidden()
                : state instanceof GRU.State gru ? gru.hidden() : ((RNN.State) state).hidden();
    }

    /** A scalar that depends on all outputs. */
    private static Tensor weighted(Recurrent.Output<?> output) {
        Tensor cell = output.last() instanceof LSTM.State memory ? memory.cell() : hidden(output.last());
        return output.sequence()
                .mul(output.sequence().detach().cos())
                .sum()
                .add(hidden(output.last()).square().sum())
                .add(cell.sin().sum());
    }

    @Test
    void aCallIsAFewRecordedSteps() {
        LSTM lstm = new LSTM(2, 3, init);
        Tensor y = lstm.forward(Tensor.randn(rng, 2, 50, 2)).sequence();

        assertThat(GraphView.of(y).text().lines()).hasSizeLessThan(16);
    }

    @Test
    void aSequenceThatGoesOnFromAStateIsOneSequence() {
        networks(ONE.layers(2)).forEach(network -> {
            Tensor whole = network.forward(x).sequence();
            assertThat(distance(whole.slice(1, 2, 4), continued(network))).isLessThan(1e-14);
        });
    }

    private <S> Tensor continued(Recurrent<S> network) {
        S between = network.forward(x.slice(1, 0, 2)).last();
        return network.forward(x.slice(1, 2, 4), between).sequence();
    }

    // ---- lengths ----

    @Test
    void paddingIsNeverLookedAt() {
        Tensor mask =
                Tensor.arange(4).reshape(1, 4, 1).lt(lengths.to(DType.FLOAT64).reshape(3, 1, 1));
        Tensor clean = Tensor.where(mask, x, 0).detach().requiresGrad(true);
        Tensor dirty = Tensor.where(mask, x, Double.NaN).detach().requiresGrad(true);
        networks(TWO).forEach(network -> {
            Recurrent.Output<?> a = network.forward(clean, lengths);
            Recurrent.Output<?> b = network.forward(dirty, lengths);
            assertThat(b.sequence().data()).isEqualTo(a.sequence().data());
            assertThat(hidden(b.last()).data()).isEqualTo(hidden(a.last()).data());
            assertThat(Autograd.grad(weighted(b), dirty).data())
                    .isEqualTo(Autograd.grad(weighted(a), clean).data());
            network.zeroGrad();
            weighted(network.forward(dirty, lengths)).backward();
            network.parameters()
                    .forEach(parameter -> assertThat(Objects.requireNonNull(parameter.grad())
                                    .isFinite()
                                    .all()
                                    .item())
                            .isEqualTo(1));
        });
    }

    @Test
    void eachSequenceIsThatOfItsOwnLength() {
        networks(TWO).forEach(network -> {
            Recurrent.Output<?> batch = network.forward(x, lengths);
            for (int n : new int[] {0, 2}) {
                int length = n == 0 ? 3 : 4;
                Recurrent.Output<?> alone = network.forward(x.slice(0, n, n + 1).slice(1, 0, length));
                assertThat(distance(batch.sequence().slice(0, n, n + 1).slice(1, 0, length), alone.sequence()))
                        .isLessThan(1e-14);
                assertThat(distance(hidden(batch.last()).slice(1, n, n + 1), hidden(alone.last())))
                        .isLessThan(1e-14);
            }
            assertThat(batch.sequence().select(0, 1).eq(0).all().item()).isEqualTo(1);
            assertThat(batch.sequence().select(0, 0).select(0, 3).eq(0).all().item())
                    .isEqualTo(1);
        });
    }

    @Test
    void lengthsThatAreAllFullChangeNothing() {
        networks(TWO)
                .forEach(network -> assertThat(
                                network.forward(x, lengths(4, 4, 4)).sequence().data())
                        .isEqualTo(network.forward(x).sequence().data()));
    }

    // ---- sizes ----

    @Test
    void thereMayBeNoStepsNoSequencesOrOne() {
        networks(TWO).forEach(network -> {
            int output = network instanceof LSTM lstm && lstm.toString().contains("projection") ? 3 : 5;
            for (int[] sizes : new int[][] {{0, 4}, {3, 0}, {0, 0}, {1, 1}}) {
                Tensor input = Tensor.randn(rng, sizes[0], sizes[1], 2).requiresGrad(true);
                Recurrent.Output<?> result = network.forward(input);
                assertThat(result.sequence().shape()).isEqualTo(Shape.of(sizes[0], sizes[1], 2 * output));
                assertThat(hidden(result.last()).shape()).isEqualTo(Shape.of(4, sizes[0], output));
                assertThat(Autograd.grad(weighted(result), input).shape()).isEqualTo(input.shape());
            }
        });
    }

    @Test
    void twoLayersTakeNoSequences() {
        RNN network = new RNN(2, 3, ONE.layers(2), init);
        Tensor hidden = Tensor.zeros(2, 0, 3).requiresGrad(true);

        network.forward(Tensor.zeros(0, 1, 2), new RNN.State(hidden))
                .sequence()
                .sum()
                .backward();

        assertThat(Objects.requireNonNull(hidden.grad()).shape()).isEqualTo(hidden.shape());
    }

    @Test
    void aStateOfNoStepsIsTheInitialOne() {
        LSTM lstm = new LSTM(2, 5, init);
        LSTM.State initial = new LSTM.State(Tensor.randn(rng, 1, 3, 5), Tensor.randn(rng, 1, 3, 5));

        LSTM.State last = lstm.forward(x, lengths(0, 0, 0), initial).last();

        assertThat(last.hidden().data()).isEqualTo(initial.hidden().data());
        assertThat(last.cell().data()).isEqualTo(initial.cell().data());
    }

    // ---- random numbers, threads, parameters ----

    @Test
    void dropoutIsBetweenLayersInTrainingOnly() {
        RecurrentOptions dropping = ONE.layers(2).dropout(0.5, new Generator(7));
        GRU gru = new GRU(2, 5, dropping, init);
        GRU one = new GRU(2, 5, ONE.dropout(0.5, new Generator(7)), init);
        GRU all = new GRU(2, 5, ONE.layers(2).dropout(1, new Generator(7)), init);

        assertThat(gru.forward(x).sequence().data())
                .isNotEqualTo(gru.forward(x).sequence().data());
        // If the output of the first layer is dropped entirely, the second layer sees zeros for any input.
        assertThat(all.forward(x).sequence().data())
                .isEqualTo(all.forward(x.mul(2)).sequence().data());
        assertThat(one.forward(x).sequence().data())
                .isEqualTo(one.forward(x).sequence().data());
        gru.eval();
        assertThat(gru.forward(x).sequence().data())
                .isEqualTo(gru.forward(x).sequence().data());
    }

    @Test
    void theBitsDoNotDependOnTheNumberOfThreads() throws Exception {
        List<List<NdArray>> results = new ArrayList<>();
        for (int threads : new int[] {1, 3}) {
            ForkJoinPool pool = new ForkJoinPool(threads);
            results.add(pool.submit(RecurrentTest::resultsOfLargeBatches).get());
            pool.shutdown();
        }
        assertThat(results.get(1)).isEqualTo(results.get(0));
    }

    /** Losses and gradients of batches that are large enough for several threads. */
    private static List<NdArray> resultsOfLargeBatches() {
        Generator seeded = new Generator(3);
        Init large = new Init(seeded);
        Tensor lengths = Tensor.randint(0, 6, seeded, 130);
        List<NdArray> results = new ArrayList<>();
        for (Recurrent<?> network : List.of(
                new LSTM(40, 70, ONE.bidirectional(), large),
                new LSTM(40, 70, ONE.projection(50), large),
                new GRU(40, 70, ONE.bidirectional(), large))) {
            for (boolean isPadded : new boolean[] {false, true}) {
                Tensor input = Tensor.randn(seeded, 130, 5, 40).requiresGrad(true);
                Tensor loss = weighted(isPadded ? network.forward(input, lengths) : network.forward(input));
                List<Tensor> leaves = new ArrayList<>(network.parameters());
                leaves.add(input);
                results.add(loss.detach().data());
                Autograd.grad(loss, leaves.toArray(Tensor[]::new)).forEach(gradient -> results.add(gradient.data()));
            }
        }
        return results;
    }

    @Test
    void parametersAreNamedByLayerAndDirectionAndDrawnInPyTorchsOrder() {
        LSTM lstm = new LSTM(2, 5, TWO.projection(3), init);

        assertThat(lstm.namedParameters().keySet())
                .startsWith(
                        "l0.inputWeight",
                        "l0.hiddenWeight",
                        "l0.inputBias",
                        "l0.hiddenBias",
                        "l0.projectionWeight",
                        "l0Reverse.inputWeight")
                .endsWith("l1Reverse.projectionWeight")
                .hasSize(20);
        assertThat(Objects.requireNonNull(lstm.namedParameters().get("l1.inputWeight"))
                        .shape())
                .isEqualTo(Shape.of(20, 6));
        assertThat(Objects.requireNonNull(lstm.namedParameters().get("l1.hiddenWeight"))
                        .shape())
                .isEqualTo(Shape.of(20, 3));
        lstm.parameters()
                .forEach(parameter -> assertThat(parameter.abs().amax().item()).isLessThanOrEqualTo(1 / Math.sqrt(5)));
        assertThat(lstm).hasToString("""
                LSTM(2 -> 5, 2 layers, bidirectional, projection 3
                  (l0): LSTMCell(2 -> 5, projection 3)
                  (l0Reverse): LSTMCell(2 -> 5, projection 3)
                  (l1): LSTMCell(6 -> 5, projection 3)
                  (l1Reverse): LSTMCell(6 -> 5, projection 3)
                )""");
    }
}
