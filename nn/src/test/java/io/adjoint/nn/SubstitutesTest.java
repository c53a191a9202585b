package io.adjoint.nn;

import static io.adjoint.nn.Refusals.thrown;
import static io.adjoint.nn.TestTensors.gradient;
import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.autograd.Hook;
import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.transforms.Transforms;
import io.adjoint.core.DType;
import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.nn.layer.BatchNorm1d;
import io.adjoint.nn.layer.Dense;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

/** Substitutes that call the replaced layer again, from another place, or as a copy. */
class SubstitutesTest {
    private final Generator rng = new Generator(1);
    private final Tensor x = Tensor.randn(new Generator(2), 2, 5, 4);

    /** A layer that keeps only its input for the backward pass. */
    private static final class Checkpointed extends Layer {
        private final Layer base;

        Checkpointed(Layer base) {
            this.base = child("base", base);
        }

        @Override
        protected Tensor compute(Tensor x) {
            return Transforms.checkpoint(base::forward, x);
        }
    }

    @Test
    void aSubstituteMayComputeTheLayerAgainInTheBackwardPass() {
        Sequential model = new Sequential(new Dense(4, 4, rng), new BatchNorm1d(4, rng), new Dense(4, 4, rng));
        Layer plain = model.copy();
        List<String> paths = new ArrayList<>();
        model.replace(Dense.class, dense -> new Checkpointed(new ReplaceTest.Doubled(dense)));
        plain.replace(Dense.class, dense -> new ReplaceTest.Doubled(dense));
        Tensor input = x.reshape(10, 4);

        plain.forward(input).square().sum().backward();
        Tensor loss = model.forward(input).square().sum();
        Hook hook = new ForwardObserver() {
            @Override
            public void ends(Block block, String path, Object output) {
                paths.add(path);
            }
        }.observe();
        loss.backward();
        hook.remove();

        assertThat(model.parameters().stream().map(leaf -> gradient(leaf)))
                .isEqualTo(
                        plain.parameters().stream().map(leaf -> gradient(leaf)).toList());
        assertThat(model.state().values())
                .containsExactlyElementsOf(plain.state().values());
        assertThat(paths).containsExactly("2.base.inner", "2.base", "0.base.inner", "0.base");
    }

    @Test
    void runningStatisticsOfALayerThatIsComputedAgainAreUpdatedEachTime() {
        Sequential model = new Sequential(new BatchNorm1d(4, rng));
        Layer plain = model.copy();
        model.replace(BatchNorm1d.class, Checkpointed::new);
        Tensor input = x.reshape(10, 4).requiresGrad(true);
        model.forward(input).square().sum().backward();
        assertThat(plain.forward(input).data()).isEqualTo(plain.forward(input).data());

        assertThat(model.state().values())
                .containsExactlyElementsOf(plain.state().values());
    }

    @Test
    void aLayerThatWasReplacedIsCopiedByItsSubstituteAlone() {
        Dense dense = new Dense(4, 4, rng);
        Sequential model = new Sequential(dense);
        NdArray before = model.forward(x).data();
        model.replace(Dense.class, layer -> new OfCopy(layer));

        assertThat(model.forward(x).data()).isEqualTo(before.mul(2));
        assertThat(model.copy().forward(x).data()).isEqualTo(before.mul(2));
        thrown(IllegalStateException.class, () -> dense.copy())
                .withMessage(
                        "copy: Dense(4 -> 4) was replaced by OfCopy(), which computes in its place, with parameters that are"
                                + " none of this layer; call copy of that one, or of a block that contains it");
        thrown(IllegalStateException.class, () -> dense.to(DType.FLOAT32))
                .withMessageStartingWith("to: Dense(4 -> 4) was replaced by OfCopy()");
        thrown(IllegalStateException.class, () -> dense.withParameters(Map.of()))
                .withMessageStartingWith("withParameters: Dense(4 -> 4) was replaced by OfCopy()");
    }

    /** A layer that calls another layer with its parameters doubled. */
    private static final class OfCopy extends Layer {
        private final Layer inner;

        OfCopy(Layer inner) {
            this.inner = child("inner", inner);
        }

        @Override
        protected Tensor compute(Tensor x) {
            Map<String, Tensor> twice = new HashMap<>();
            inner.namedParameters().forEach((path, leaf) -> twice.put(path, leaf.mul(2)));
            return inner.withParameters(twice).forward(x);
        }
    }

    @Test
    void aSubstituteThatCallsItsLayerInAnotherThreadIsToldWhatToDo() {
        Sequential model = new Sequential(new Dense(4, 4, rng));
        model.replace(Dense.class, dense -> new Elsewhere(dense));

        thrown(IllegalStateException.class, () -> model.forward(x))
                .withMessageStartingWith(
                        "Dense(4 -> 4): was replaced by Elsewhere(), and is called in more than 1000 threads")
                .withMessageEndingWith("call it in the thread that runs the substitute");
    }

    private static final class Elsewhere extends Layer {
        private final Layer inner;

        Elsewhere(Layer inner) {
            this.inner = child("inner", inner);
        }

        @Override
        protected Tensor compute(Tensor x) {
            FutureTask<Tensor> task = new FutureTask<>(() -> inner.forward(x));
            new Thread(task).start();
            try {
                return task.get();
            } catch (ExecutionException e) {
                throw (RuntimeException) e.getCause();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
