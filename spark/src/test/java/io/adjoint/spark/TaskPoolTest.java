package io.adjoint.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Generator;
import io.adjoint.nn.Layer;
import io.adjoint.nn.layer.Dense;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tests the threads of a task. */
@ExtendWith(LocalSpark.class)
class TaskPoolTest {
    private static final Set<Integer> CORES = ConcurrentHashMap.newKeySet();

    /** A model that notes the number of threads by which it may compute. */
    private static final class Noting extends Layer {
        private final Layer model;

        Noting(Generator rng) {
            model = child("model", new Dense(2, 3, rng));
        }

        @Override
        protected Tensor compute(Tensor x) {
            ForkJoinPool pool = ForkJoinTask.getPool();
            CORES.add(pool == null ? 0 : pool.getParallelism());
            return model.forward(x);
        }
    }

    @Test
    void modelsAreTrainedAndAppliedByTheCoresOfTheTask() {
        CORES.clear();
        NeuralClassificationModel model = NeuralClassifierTest.classifier()
                .setModelFactory((inputs, outputs, rng) -> new Noting(rng))
                .fit(Blobs.data(LocalSpark.session(), 64));
        assertThat(CORES).containsExactly(1);
        CORES.clear();
        assertThat(model.transform(Blobs.data(LocalSpark.session(), 64)).collectAsList())
                .hasSize(64);
        assertThat(CORES).containsExactly(1);
    }

    @Test
    void anInterruptedComputationHasEndedWhenItsPoolIsClosed() {
        List<String> told = LocalSpark.context()
                .parallelize(List.of(1), 1)
                .map(row -> {
                    Thread task = Thread.currentThread();
                    AtomicReference<String> text = new AtomicReference<>("");
                    try (TaskPool pool = new TaskPool()) {
                        return pool.run(() -> {
                            task.interrupt();
                            try {
                                TimeUnit.HOURS.sleep(1);
                            } catch (InterruptedException e) {
                                // The computation goes on as if it were in the middle of a file. It doesn't sleep, for
                                // JDK 17's pool may interrupt a thread twice.
                                long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(500);
                                while (System.nanoTime() < end) {
                                    Thread.onSpinWait();
                                }
                                text.set("the file is whole, ");
                            }
                            return "";
                        });
                    } catch (InterruptedException e) {
                        return text.get() + "the task is interrupted";
                    }
                })
                .collect();
        assertThat(told).containsExactly("the file is whole, the task is interrupted");
    }

    @Test
    void anErrorOfAComputationIsThrownAsItIs() {
        List<String> told = LocalSpark.context()
                .parallelize(List.of(1), 1)
                .map(row -> {
                    try (TaskPool pool = new TaskPool()) {
                        return pool.run(() -> {
                            throw new NoClassDefFoundError("my/Layer");
                        });
                    } catch (NoClassDefFoundError e) {
                        return e.getMessage();
                    }
                })
                .map(String::valueOf)
                .collect();
        assertThat(told).containsExactly("my/Layer");
    }
}
