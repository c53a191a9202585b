package io.adjoint.autograd;

import static io.adjoint.autograd.TestMemory.isCollected;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.adjoint.autograd.transforms.Transforms;
import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class CheckpointTest {
    private final Tensor x = Tensor.of(0.5, -1, 2).requiresGrad(true);
    private final Tensor w = Tensor.of(1.5, 0.1, -0.7).requiresGrad(true);
    private final AtomicInteger runs = new AtomicInteger();

    private Tensor segment(Tensor t) {
        runs.incrementAndGet();
        return t.mul(w).tanh().mul(w).exp();
    }

    @Test
    void backwardReachesInputsAndWhatIsCaptured() {
        List<Tensor> expected = Autograd.grad(segment(x).sum(), x, w);
        Transforms.checkpoint(this::segment, x).sum().backward();

        assertThat(Leaves.gradient(x)).isEqualTo(expected.get(0).data());
        assertThat(Leaves.gradient(w)).isEqualTo(expected.get(1).data());
        assertThat(runs).hasValue(3);
    }

    @Test
    void gradAndGradientsDoSoAsValues() {
        List<Tensor> expected = Autograd.grad(segment(x).sum(), x, w);
        Gradients gradients =
                Autograd.gradients(Transforms.checkpoint(this::segment, x).sum());

        assertThat(gradients.of(w).data()).isEqualTo(expected.get(1).data());
        assertThat(gradients.of(x).data()).isEqualTo(expected.get(0).data());
        assertThat(Autograd.grad(Transforms.checkpoint(this::segment, x).sum(), w)
                        .data())
                .isEqualTo(expected.get(1).data());
        assertThat(x.grad()).isNull();
        assertThat(w.grad()).isNull();
    }

    @Test
    void intermediatesInAndOutsideAreReached() {
        Tensor outside = w.mul(2);
        Function<Tensor, Tensor> f = t -> t.mul(outside).mul(outside);
        Tensor plain = f.apply(x).sum().add(outside.sum());
        List<Tensor> expected = Autograd.grad(plain, GraphMode.KEEP, outside, w, x);
        Tensor loss = Transforms.checkpoint(f, x).sum().add(outside.sum());
        List<Tensor> actual = Autograd.grad(loss, outside, w, x);

        for (int k = 0; k < 3; k++) {
            assertThat(actual.get(k).data()).isEqualTo(expected.get(k).data());
        }
    }

    @Test
    void aPassThatFailsAfterASegmentChangesOnlyTheSegmentsOwnTensors() {
        Tensor x = Tensor.of(0.5, -2).requiresGrad(true);
        Tensor w = Tensor.of(3, 1).requiresGrad(true);
        Tensor outside = x.exp().retainGrad();
        List<Tensor> own = new ArrayList<>();
        Supplier<Tensor> loss = () -> Transforms.checkpoint(
                        t -> {
                            own.add(t.mul(w).retainGrad());
                            return own.get(own.size() - 1).sin();
                        },
                        outside)
                .sum();
        loss.get().backward(GraphMode.KEEP);
        List<Tensor> kept = List.of(x, w, outside);
        List<NdArray> before = kept.stream()
                .map(tensor -> Objects.requireNonNull(tensor.grad()).data().copy())
                .toList();
        Tensor again = loss.get();
        Hook failing = x.onGradient(g -> {
            throw new IllegalStateException("a hook");
        });

        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(again::backward)
                .withMessageContaining("a hook");
        failing.remove();
        for (int k = 0; k < before.size(); k++) {
            assertThat(Objects.requireNonNull(kept.get(k).grad()).data()).isEqualTo(before.get(k));
        }
        // The second run of the segment, in the pass that failed, made this tensor, so no other code has seen it
        // without a gradient.
        assertThat(own.get(own.size() - 1).grad()).isNotNull();
    }

    @Test
    void gradientsOfGradientsAgreeToTheBit() {
        Function<Tensor, Tensor> twice = loss -> {
            List<Tensor> first = Autograd.grad(loss, GraphMode.CREATE, x, w);
            return first.get(0).square().sum().add(first.get(1).mul(x).sum());
        };
        List<Tensor> expected = Autograd.grad(twice.apply(segment(x).sum()), x, w);
        List<Tensor> actual = Autograd.grad(
                twice.apply(Transforms.checkpoint(this::segment, x).sum()), x, w);

        assertThat(actual.get(0).data()).isEqualTo(expected.get(0).data());
        assertThat(actual.get(1).data()).isEqualTo(expected.get(1).data());
    }

    @Test
    void aKeptGraphCanBeWalkedAgain() {
        Tensor loss = Transforms.checkpoint(this::segment, x).sum();
        loss.backward(GraphMode.KEEP);
        NdArray once = Leaves.gradient(x);
        loss.backward();

        assertThat(Leaves.gradient(x)).isEqualTo(once.add(once));
    }

    @Test
    void transformsSeeThroughIt() {
        Function<Tensor, Tensor> f =
                t -> Transforms.checkpoint(this::segment, t).sum();
        Function<Tensor, Tensor> plain = t -> segment(t).sum();
        Tensor at = x.detach();

        assertThat(Autograd.noGrad(() -> Transforms.hessian(f, at)).data())
                .isEqualTo(Autograd.noGrad(() -> Transforms.hessian(plain, at)).data());
        assertThat(Transforms.grad(t -> Transforms.grad(f, t).sum(), at).data())
                .isEqualTo(Transforms.grad(t -> Transforms.grad(plain, t).sum(), at)
                        .data());
    }

    @Test
    void severalInputsComeInAStructure() {
        Tensor y = Transforms.checkpoint(p -> p.get(0).mul(p.get(1)), List.of(x, w));
        y.sum().backward();

        assertThat(Leaves.gradient(x)).isEqualTo(w.data());
        assertThat(Leaves.gradient(w)).isEqualTo(x.data());
    }

    @Test
    void bothRunsDrawTheSameNumbers() {
        List<Long> drawn = new ArrayList<>();
        Function<RandomGenerator, Tensor> body = r -> {
            drawn.add(r.nextLong());
            return x.mul(r.nextDouble()).square().sum();
        };
        Transforms.checkpoint((r, t) -> body.apply(r), x, new SplittableRandom(7))
                .backward();
        NdArray gradient = Leaves.gradient(x);
        Tensor plain = body.apply(new Generator(new SplittableRandom(7).nextLong()));

        assertThat(gradient).isEqualTo(Autograd.grad(plain, x).data());
        assertThat(drawn).hasSize(3).containsOnly(drawn.get(0));
    }

    @Test
    void drawsOfItsOwnAreNoticed() {
        RandomGenerator random = new SplittableRandom(1);
        Tensor y = Transforms.checkpoint(t -> t.mul(random.nextDouble()), x);

        assertThatExceptionOfType(GraphException.class)
                .isThrownBy(() -> y.sum().backward())
                .withMessage("checkpoint: the function returned another value of shape [3] when it ran again; call"
                        + " backward before changing parameters, and don't let the value depend on anything that changes"
                        + " (Transforms.checkpoint(f, input, random) draws the same random numbers again)");
        assertThat(x.grad()).isNull();
    }

    @Test
    void aTensorKeptFromTheFirstRunIsNoticed() {
        List<Tensor> cache = new ArrayList<>();
        Tensor y = Transforms.checkpoint(
                t -> {
                    if (cache.isEmpty()) {
                        cache.add(w.mul(2));
                    }
                    return t.mul(cache.get(0));
                },
                x);

        assertThatExceptionOfType(GraphException.class)
                .isThrownBy(() -> y.sum().backward())
                .withMessage("checkpoint: the function recorded other operations when it ran again; it must not keep"
                        + " tensors from one run for the next");
    }

    @Test
    void aParameterChangedInPlaceIsNoticed() {
        Tensor y = Transforms.checkpoint(this::segment, x);
        w.assign(w.data().copy());

        assertThatExceptionOfType(GraphException.class)
                .isThrownBy(() -> y.sum().backward())
                .withMessageContaining("'checkpoint' saved was changed in place");
    }

    @Test
    void withoutNeedNothingIsRecorded() {
        assertThat(Autograd.noGrad(() -> Transforms.checkpoint(this::segment, x))
                        .requiresGrad())
                .isFalse();
        assertThat(Transforms.checkpoint(Tensor::exp, x.detach()).requiresGrad())
                .isFalse();
        assertThat(Transforms.checkpoint(t -> t, x)).isSameAs(x);
        assertThat(runs).hasValue(1);
    }

    @Test
    void theSegmentsOwnTensorsAreNotKept() throws InterruptedException {
        List<WeakReference<NdArray>> inner = new ArrayList<>();
        Tensor y = Transforms.checkpoint(
                t -> {
                    Tensor h = t.exp();
                    inner.add(new WeakReference<>(h.data()));
                    return h.mul(h);
                },
                x);

        assertThat(isCollected(inner.get(0))).isTrue();
        y.sum().backward();
        assertThat(Leaves.gradient(x))
                .isEqualTo(x.detach().exp().square().mul(2).data());
    }
}
