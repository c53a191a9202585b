package io.adjoint.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adjoint.core.EndedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests that results of a step of a {@link Workspace} are read right, or not at all, by other threads. */
class WorkspaceThreadsTest {
    private static final int N = 128;

    private static void inAnotherThread(Runnable body) {
        Thread other = new Thread(body);
        other.start();
        try {
            other.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Reads of all elements of a tensor. */
    private enum Read {
        OPERATION(x -> x.mul(2).data().toDoubleArray(), 6),
        COPY(x -> x.data().copy().toDoubleArray(), 3),
        JAVA_ARRAY(x -> x.data().toDoubleArray(), 3);

        private final Function<Tensor, double[]> function;
        /** Each element that the function gives for a tensor of threes. */
        private final double expected;

        Read(Function<Tensor, double[]> function, double expected) {
            this.function = function;
            this.expected = expected;
        }
    }

    @Test
    void viewsOfOtherThreadsEndWithTheStep() {
        List<Tensor> views = new ArrayList<>();
        new Workspace().run(() -> {
            Tensor x = Tensor.ones(N, N).exp();
            inAnotherThread(() -> views.add(x.transpose()));
        });
        assertThatThrownBy(() -> views.get(0).add(1)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aWorkspaceBelongsToOneThreadAtATime() throws Exception {
        Workspace workspace = new Workspace();
        List<Throwable> thrown = new ArrayList<>();
        workspace.run(() -> {
            Thread other = new Thread(() -> workspace.run(() -> Tensor.ones(2)));
            other.setUncaughtExceptionHandler((thread, e) -> thrown.add(e));
            other.start();
            try {
                other.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        assertThat(thrown)
                .singleElement()
                .satisfies(e -> assertThat(e)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("runs a step of this workspace; make one for each thread"));
    }

    @Test
    void oneThreadAfterTheOtherMayRunTheStepsOfAWorkspace() {
        Workspace workspace = new Workspace();
        workspace.run(() -> Tensor.ones(2));
        List<Double> sums = new ArrayList<>();
        inAnotherThread(() -> sums.add(workspace.run(() -> Tensor.ones(2).sum().item())));
        sums.add(workspace.run(() -> Tensor.ones(3).sum().item()));
        assertThat(sums).containsExactly(2.0, 3.0);
    }

    @Test
    void whatIsKeptWithoutTheStepOnItsThreadLivesOn() {
        Workspace workspace = new Workspace();
        List<Tensor> kept = new ArrayList<>();
        workspace.run(() -> {
            Tensor x = Tensor.ones(N, N);
            kept.add(x.add(1));
            kept.add(x.add(1));
            kept.add(x.add(1));
            Tensor first = Workspace.outside(() -> Workspace.keep(kept.get(0)));
            Tensor second = Workspace.outside(() -> new Workspace().run(() -> Workspace.keep(kept.get(1))));
            assertThat(List.of(first, second)).isEqualTo(kept.subList(0, 2));
            inAnotherThread(() -> Workspace.keep(kept.get(2)));
        });
        for (int k = 0; k < 3; k++) {
            workspace.run(
                    () -> Tensor.ones(N, N).mul(-7).add(2).mul(3).add(1).sum().item());
        }
        assertThat(kept).allSatisfy(x -> assertThat(x.sum().item()).isEqualTo(2.0 * N * N));
    }

    @Test
    void anotherThreadReadsWhatIsKeptAndNothingElseAfterTheStep() {
        List<Tensor> results = new ArrayList<>();
        new Workspace().run(() -> {
            results.add(Tensor.ones(N, N).add(1));
            results.add(Tensor.ones(N, N).add(1));
            Workspace.keep(results.get(0));
        });
        inAnotherThread(() -> {
            assertThat(results.get(0).sum().item()).isEqualTo(2.0 * N * N);
            assertThatThrownBy(() -> results.get(1).sum()).isInstanceOf(IllegalStateException.class);
        });
    }

    @ParameterizedTest
    @EnumSource
    void anotherThreadThatReadsWhileTheStepEndsGetsTheElementsOrAnError(Read read) throws InterruptedException {
        Workspace workspace = new Workspace();
        Tensor ones = Tensor.ones(64 * N, N);
        for (int round = 0; round < 60; round++) {
            CountDownLatch begun = new CountDownLatch(1);
            // The next step writes from the first element on, and the reader reads from the last one on.
            FutureTask<double[]> reader = workspace.run(() -> {
                Tensor x = ones.mul(3).flip(0, 1);
                FutureTask<double[]> task = new FutureTask<>(() -> {
                    begun.countDown();
                    return read.function.apply(x);
                });
                new Thread(task).start();
                try {
                    begun.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                return task;
            });
            workspace.run(() -> ones.mul(-1));
            try {
                assertThat(reader.get()).containsOnly(read.expected);
            } catch (ExecutionException refused) {
                assertThat(refused).hasCauseInstanceOf(EndedException.class);
            }
        }
    }

    @Test
    void aGradientThatAnotherThreadStoresLivesOn() {
        Tensor w = Tensor.ones(N, N).requiresGrad(true);
        Workspace workspace = new Workspace();
        workspace.run(() -> {
            Tensor g = Tensor.ones(N, N).add(1);
            inAnotherThread(() -> w.mul(g).sum().backward());
            inAnotherThread(() -> w.backward(g));
        });
        workspace.run(() -> Tensor.ones(N, N).mul(-7).add(2).sum().item());
        assertThat(Objects.requireNonNull(w.grad()).sum().item()).isEqualTo(4.0 * N * N);
    }
}
