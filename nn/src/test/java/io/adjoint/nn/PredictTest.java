package io.adjoint.nn;

import static io.adjoint.nn.Refusals.thrown;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.core.ShapeException;
import io.adjoint.nn.layer.BatchNorm1d;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.layer.Dropout;
import io.adjoint.nn.layer.LayerNorm;
import io.adjoint.nn.layer.ReLU;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class PredictTest {
    private final Generator rng = new Generator(1);
    private final Sequential model = new Sequential(
            new Dense(6, 32, rng),
            new BatchNorm1d(32, rng),
            new ReLU(),
            new Dropout(0.5, rng),
            new Dense(32, 32, rng),
            new LayerNorm(32, rng),
            new Dense(32, 3, rng));

    @Test
    void aPredictionIsTheOutputInEvaluationWithoutAGradientInEitherMode() {
        Tensor x = Tensor.randn(rng, 5, 6);
        model.eval();
        NdArray expected = model.forward(x).data();
        Map<String, NdArray> numbers = rng.state();

        assertThat(model.predict(x).data()).isEqualTo(expected);
        model.train();
        Map<String, NdArray> state = model.state();
        Tensor predicted = model.predict(x);

        assertThat(predicted.data()).isEqualTo(expected);
        assertThat(predicted.requiresGrad()).isFalse();
        assertThat(model.state()).isEqualTo(state);
        assertThat(rng.state()).isEqualTo(numbers);
        assertThat(model.isTraining()).isTrue();
        assertThat(model.forward(x).data()).isNotEqualTo(expected);
    }

    @Test
    void aPredictionWithinATrainingPassLeavesThatPassInTraining() {
        Dropout dropout = new Dropout(0.5, rng);
        Tensor ones = Tensor.ones(1000);
        boolean[] modes = new boolean[2];
        Layer outer = new Layer() {
            @Override
            protected Tensor compute(Tensor x) {
                modes[0] = isTraining();
                Tensor predicted = dropout.predict(x);
                modes[1] = isTraining();
                return predicted;
            }
        };

        assertThat(outer.forward(ones).data()).isEqualTo(ones.data());
        assertThat(modes).containsExactly(true, true);
        thrown(ShapeException.class, () -> model.predict(Tensor.ones(5, 7)))
                .withMessageStartingWith("0: Dense(6 -> 32)");
        assertThat(dropout.forward(ones).data()).isNotEqualTo(ones.data());
    }

    @Test
    @Timeout(60)
    void otherThreadsDoNotSeeAPredictionsMode() throws InterruptedException {
        CountDownLatch within = new CountDownLatch(1);
        CountDownLatch seen = new CountDownLatch(1);
        Layer waiting = new Layer() {
            @Override
            protected Tensor compute(Tensor x) {
                within.countDown();
                try {
                    assertThat(seen.await(30, TimeUnit.SECONDS)).isTrue();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                return isTraining() ? x.mul(2) : x;
            }
        };
        AtomicReference<Tensor> predicted = new AtomicReference<>();
        Thread thread = new Thread(() -> predicted.set(waiting.predict(Tensor.scalar(1))));
        thread.start();
        within.await();

        assertThat(waiting.isTraining()).isTrue();
        seen.countDown();
        thread.join();
        assertThat(requireNonNull(predicted.get()).item()).isEqualTo(1);
    }

    @Test
    @Timeout(120)
    void manyThreadsPredictTheBitsOfOneWhileAnotherReadsTheMode() throws InterruptedException {
        List<Tensor> inputs = IntStream.range(0, 40)
                .mapToObj(k -> Tensor.randn(rng, 1 + k % 7, 6))
                .toList();
        List<NdArray> expected =
                inputs.stream().map(x -> model.predict(x).data()).toList();
        AtomicBoolean isTraining = new AtomicBoolean(true);
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Runnable task = () -> {
            for (int round = 0; round < 100; round++) {
                for (int k = 0; k < inputs.size(); k++) {
                    assertThat(model.predict(inputs.get(k)).data()).isEqualTo(expected.get(k));
                    if (!model.isTraining()) {
                        isTraining.set(false);
                    }
                }
            }
        };
        List<Thread> threads = Stream.generate(() -> new Thread(task)).limit(16).toList();
        threads.forEach(thread -> thread.setUncaughtExceptionHandler((failed, e) -> failure.set(e)));
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(failure.get()).isNull();
        assertThat(isTraining).isTrue();
    }

    @Test
    void aLayerThatReturnsItsInputPredictsATensorWithoutAGradient() {
        Tensor x = Tensor.of(1, 2).requiresGrad(true);

        assertThat(new Sequential().predict(x).requiresGrad()).isFalse();
        assertThat(new Sequential().predict(x).data()).isEqualTo(x.data());
    }
}
