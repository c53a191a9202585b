package io.adjoint.nn.layer;

import static io.adjoint.nn.Refusals.refused;
import static io.adjoint.nn.Refusals.thrown;
import static io.adjoint.nn.TestTensors.distance;
import static io.adjoint.nn.layer.TableRows.GAP;
import static io.adjoint.nn.layer.TableRows.buffer;
import static io.adjoint.nn.layer.TableRows.elements;
import static io.adjoint.nn.layer.TableRows.row;
import static io.adjoint.nn.layer.TableRows.rows;
import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import io.adjoint.nn.Init;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Sequential;
import io.adjoint.nn.optim.Adam;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class ColumnsTest {
    private final Init init = new Init(new Generator(1));

    private Columns encoder() {
        return new Columns()
                .add(0, 2, new Sequential(new FillMissing(2), new Standardize(2)))
                .add(1, 2, new MissingIndicator())
                .add(2, 3, new OneHot(3))
                .add(3, 4, new Sequential(new ToIndices(), new Embedding(4, 2, init), new Flatten(-2)));
    }

    private static Tensor table() {
        return rows(row(1, 10, 0, 3), row(GAP, 20, 1, 2), row(3, GAP, 2, 1), row(5, 30, 1, 0));
    }

    @Test
    void columnsAreEncodedSideBySide() {
        Columns encoder = encoder().fit(table());

        Tensor y = encoder.forward(table());

        assertThat(y.shape()).isEqualTo(Shape.of(4, 8));
        assertThat(buffer(encoder, "0.0.value")).containsExactly(3, 20);
        // Standardize learns from filled columns, of which more numbers are the mean.
        assertThat(buffer(encoder, "0.1.std")).containsExactly(Math.sqrt(2), Math.sqrt(50));
        assertThat(elements(y.slice(1, 2, 6))).containsExactly(0, 1, 0, 0, 0, 0, 1, 0, 1, 0, 0, 1, 0, 0, 1, 0);
        assertThat(encoder.namedParameters()).containsOnlyKeys("3.1.weight");
    }

    @Test
    void oneRowIsEncodedAsItIsAmongMany() {
        Columns encoder = encoder().fit(table());

        Tensor all = encoder.forward(table());

        assertThat(encoder.forward(table().select(0, 2)).data())
                .isEqualTo(all.select(0, 2).data());
        assertThat(encoder.forward(table().unsqueeze(0)).data())
                .isEqualTo(all.unsqueeze(0).data());
        assertThat(encoder.forward(table().slice(0, 0, 0)).shape()).isEqualTo(Shape.of(0, 8));
    }

    @Test
    void fitReachesLayersAtAnyDepth() {
        Standardize inner = new Standardize(2);
        Columns encoder = new Columns().add(0, 2, new Residual(new Columns().add(0, 2, inner)));

        encoder.fit(rows(row(1, 10), row(3, 30)));

        assertThat(buffer(inner, "mean")).containsExactly(2, 20);
    }

    @Test
    void aColumnThatNoLayerTakesIsRefused() {
        Columns encoder = new Columns().add(0, 1, new Identity()).add(2, 4, new Identity());

        thrown(IllegalStateException.class, () -> encoder.forward(Tensor.zeros(2, 4)))
                .withMessageContainingAll("no layer takes column 1", "add(1, 2, new Identity())");
        encoder.add(1, 2, new Identity());
        assertThat(encoder.forward(Tensor.zeros(2, 4)).shape()).isEqualTo(Shape.of(2, 4));
        thrown(ShapeException.class, () -> encoder.forward(Tensor.zeros(2, 5)))
                .withMessageEndingWith("Columns: no layer takes column 4 of [2, 5]; pass it on by"
                        + " add(4, 5, new Identity()), or leave it out of the table");
        thrown(IllegalStateException.class, () -> new Columns().forward(Tensor.zeros(2, 4)));
    }

    @Test
    void refusedColumnsChangeNothing() {
        Columns encoder = new Columns().add(0, 1, new Identity());

        refused(() -> encoder.add(2, 2, new Identity())).withMessageContaining("2:2");
        refused(() -> encoder.add(-1, 2, new Identity()));
        refused(() -> encoder.add(1, 2, encoder));
        assertThat(encoder).hasToString("Columns(0:1\n  (0): Identity()\n)");
    }

    @Test
    void aFitThatFailsChangesNothing() {
        for (Columns encoder : List.of(encoder(), encoder().fit(table()))) {
            Map<String, NdArray> before = encoder.state();
            Consumer<Tensor> fit = rows -> {
                refused(() -> encoder.fit(rows));
                assertThat(encoder.state()).isEqualTo(before);
            };
            fit.accept(table().slice(0, 0, 0));
            fit.accept(table().to(DType.INT32));
            fit.accept(table().slice(1, 0, 3));
            fit.accept(rows(row(1, GAP, 0, 0), row(2, GAP, 0, 0)));
            // The first layer has learned before a later one fails.
            fit.accept(rows(row(1, 2, 0, 0), row(2, 3, 7, 0)));
        }
    }

    @Test
    void theOutputHasTheInputsFloatingType() {
        Columns encoder = encoder().fit(table());
        Layer floats = encoder.to(DType.FLOAT32);
        Tensor numbers = table().slice(1, 0, 2);
        Standardize layer = Standardize.of(numbers);

        Tensor y = floats.forward(table().to(DType.FLOAT32));
        Tensor z = layer.forward(numbers.to(DType.FLOAT32));

        assertThat(y.dtype()).isEqualTo(DType.FLOAT32);
        assertThat(distance(y.to(DType.FLOAT64), encoder.forward(table()))).isLessThan(1e-6);
        assertThat(z.dtype()).isEqualTo(DType.FLOAT32);
    }

    @Test
    void aFittedEncoderIsCopiedAndItsStateLoaded() {
        Columns encoder = encoder().fit(table());
        Columns fresh = encoder();

        fresh.load(encoder.state());

        assertThat(fresh.forward(table()).data())
                .isEqualTo(encoder.forward(table()).data());
        assertThat(encoder.copy().forward(table()).data())
                .isEqualTo(encoder.forward(table()).data());
        assertThat(encoder.state().keySet()).containsExactly("0.0.value", "0.1.mean", "0.1.std", "3.1.weight");
    }

    @Test
    void trainingAFloatModelLeavesWhatTheEncoderHasLearned() {
        Init floats = new Init(new Generator(4)).dtype(DType.FLOAT32);
        Tensor x = table().slice(1, 0, 2).to(DType.FLOAT32);
        Columns encoder = new Columns()
                .add(0, 2, new Sequential(new FillMissing(2), new Standardize(2)))
                .fit(x);
        Map<String, NdArray> learned = encoder.state();
        Layer model = new Sequential(encoder, new Dense(2, 1, floats));
        Adam optimizer = new Adam(model.parameters(), 0.1);
        Layer target = model.copy();

        for (int step = 0; step < 3; step++) {
            optimizer.zeroGrad();
            model.forward(x).square().mean().backward();
            optimizer.step();
            target.lerp(model, 0.5);
        }

        assertThat(encoder.state()).isEqualTo(learned);
        assertThat(Objects.requireNonNull(learned.get("0.1.mean")).dtype()).isEqualTo(DType.FLOAT64);
        assertThat(Objects.requireNonNull(target.state().get("0.0.1.mean"))).isEqualTo(learned.get("0.1.mean"));
    }

    @Test
    void fitChangesNothingButWhatLayersOfATableLearn() {
        Generator rng = new Generator(1);
        Generator before = new Generator(1);
        Standardize standardize = new Standardize(1);
        BatchNorm1d norm = new BatchNorm1d(1, new Init(new Generator(2)));
        Columns columns = new Columns().add(0, 1, new Sequential(new Dropout(0.5, rng), standardize, norm));

        columns.fit(Tensor.of(new double[][] {{1}, {3}}));

        assertThat(buffer(standardize, "mean")).containsExactly(2);
        assertThat(buffer(norm, "runningMean")).containsExactly(0);
        assertThat(rng.nextLong()).isEqualTo(before.nextLong());
        assertThat(columns.isTraining()).isTrue();
    }

    @Test
    void fitLearnsNothingFromPredictionsOfAnotherThread() throws InterruptedException {
        Standardize standardize = new Standardize(1);
        CountDownLatch fitting = new CountDownLatch(1);
        CountDownLatch predicted = new CountDownLatch(1);
        Layer slow = new Sequential(standardize, new Lambda("slow", x -> {
            if (x.shape().dim(0) == 2) {
                fitting.countDown();
                awaited(predicted);
            }
            return x;
        }));
        Columns columns = new Columns().add(0, 1, slow);
        Thread other = new Thread(() -> {
            awaited(fitting);
            var unused = columns.predict(Tensor.of(new double[][] {{1000}}));
            predicted.countDown();
        });
        other.start();

        columns.fit(Tensor.of(new double[][] {{1}, {3}}));
        other.join();

        assertThat(buffer(standardize, "mean")).containsExactly(2);
    }

    private static void awaited(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aLayerOfManyColumnsIsAddedAtOnce() {
        Columns columns = new Columns().add(0, Integer.MAX_VALUE, new Identity());

        assertThat(columns.end(0)).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void theDescriptionHasTheRanges() {
        assertThat(encoder().toString()).startsWith("Columns(0:2, 1:2, 2:3, 3:4\n  (0): Sequential(");
    }
}
