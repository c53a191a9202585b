package io.adjoint.nn;

import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.nn.layer.Dense;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Replaces layers repeatedly, and checks that blocks compute with the layers that {@code children()} shows. */
class ReplaceAgainProperties {
    private static final Tensor X = Tensor.of(1.0, -2);

    private int made;

    /** A layer x → a·x + 1; each instance has its own a. */
    private final class Leaf extends Layer {
        private final double factor = 1 + 0.5 * made++;

        @Override
        protected Tensor compute(Tensor x) {
            return x.mul(factor).add(1);
        }
    }

    /** A layer a·y + 2, where y is another layer's output; each instance has its own a. */
    private class Wrapper extends Layer {
        final Layer base;
        final double factor = 1 + 0.25 * made++;

        Wrapper(Layer base) {
            this.base = child("base", base);
        }

        @Override
        protected Tensor compute(Tensor x) {
            return base.forward(x).mul(factor).add(2);
        }
    }

    private final class Adapter extends Wrapper {
        Adapter(Layer base) {
            super(base);
        }
    }

    /** A block that keeps its layers in fields, as the library's blocks do. */
    private static final class Holder extends Layer {
        private final Layer first;
        private final Layer second;

        Holder(Layer first, Layer second) {
            this.first = child("first", first);
            this.second = child("second", second);
        }

        @Override
        protected Tensor compute(Tensor x) {
            return second.forward(first.forward(x));
        }
    }

    /** The output computed only from the layers that {@code children()} shows. */
    private static Tensor byChildren(Layer layer, Tensor x) {
        if (layer instanceof Holder holder) {
            return byChildren(child(holder, "second"), byChildren(child(holder, "first"), x));
        } else if (layer instanceof Wrapper wrapper) {
            return byChildren(child(wrapper, "base"), x).mul(wrapper.factor).add(2);
        }
        return layer.compute(x);
    }

    private static Layer child(Block owner, String name) {
        return (Layer) java.util.Objects.requireNonNull(owner.children().get(name));
    }

    private void change(Layer model, int kind, List<Layer> old) {
        old.addAll(model.namedBlocks().values().stream()
                .filter(block -> block instanceof Leaf || block instanceof Wrapper)
                .map(Layer.class::cast)
                .toList());
        switch (kind) {
            case 0 -> model.replace(Leaf.class, Adapter::new);
            case 1 -> model.replace(Leaf.class, leaf -> new Wrapper(leaf));
            case 2 -> model.replace(Wrapper.class, Adapter::new);
            case 3 -> model.replace(Wrapper.class, wrapper -> wrapper.base);
            case 4 -> model.replace(Adapter.class, adapter -> adapter.base);
            case 5 -> model.replace(Adapter.class, adapter -> new Adapter(adapter.base));
            case 6 -> model.replace(Adapter.class, adapter -> new Leaf());
            case 7 -> model.replace(Wrapper.class, wrapper -> new Leaf());
            case 8 -> model.replace(Leaf.class, leaf -> new Leaf());
            default -> model.replace(Leaf.class, leaf -> new Adapter(new Wrapper(leaf)));
        }
    }

    @Property
    void whatChildrenShowIsWhatComputes(@ForAll @Size(max = 8) List<@IntRange(min = 0, max = 9) Integer> kinds) {
        Layer model = new Holder(new Leaf(), new Leaf());
        Layer copied = model;
        List<Layer> old = new ArrayList<>();
        for (int kind : kinds) {
            change(model, kind, old);
            assertThat(model.forward(X).data())
                    .as("%s after %s", model, kinds)
                    .isEqualTo(byChildren(model, X).data());
            copied = model.copy();
            assertThat(copied.forward(X).data()).isEqualTo(model.forward(X).data());
        }
        // The layers of a copy can be replaced like the layers of the original.
        for (int kind : kinds) {
            change(copied, kind, old);
            assertThat(copied.forward(X).data())
                    .as("a copy, %s", copied)
                    .isEqualTo(byChildren(copied, X).data());
        }
    }

    /** Two adapters share one base; when the base is replaced, it is replaced also in the adapter that the model doesn't use. */
    @Property
    void adaptersOfOneBaseAreExchangedThereAndBack(
            @ForAll @Size(max = 8) List<@IntRange(min = 0, max = 3) Integer> order) {
        Leaf leaf = new Leaf();
        Layer model = new Holder(leaf, new Leaf());
        List<Layer> choices = List.of(leaf, new Adapter(leaf), new Adapter(leaf), new Leaf());
        for (int choice : order) {
            Layer now = child(model, "first");
            model.replace(Layer.class, layer -> layer == now ? choices.get(choice) : layer);

            assertThat(model.forward(X).data()).isEqualTo(byChildren(model, X).data());
            assertThat(model.copy().forward(X).data())
                    .isEqualTo(model.forward(X).data());
        }
    }

    @Example
    void anAdapterComesBack() {
        Leaf leaf = new Leaf();
        Layer model = new Holder(leaf, new Leaf());
        model.replace(Layer.class, layer -> layer == leaf ? new Adapter(leaf) : layer);
        Layer first = child(model, "first");
        NdArray before = model.forward(X).data();
        model.replace(Adapter.class, adapter -> new Adapter(adapter.base));
        Layer second = child(model, "first");
        assertThat(model.forward(X).data()).isNotEqualTo(before);

        for (int k = 0; k < 3; k++) {
            model.replace(Adapter.class, adapter -> first);
            assertThat(model.forward(X).data()).isEqualTo(before);
            assertThat(leaf.forward(X).data()).isEqualTo(first.forward(X).data());
            model.replace(Adapter.class, adapter -> second);
            assertThat(child(model, "first")).isSameAs(second);
        }
    }

    /** A dense layer to whose output a parameter is added, which is 1 at first. */
    private static final class Plus extends Layer {
        private final Dense base;
        private final Tensor shift;

        Plus(Dense base) {
            this.base = child("base", base);
            shift = parameter("shift", Tensor.ones(1).requiresGrad(true));
        }

        @Override
        protected Tensor compute(Tensor x) {
            return base.forward(x).add(shift);
        }

        Dense merged() {
            Tensor bias = java.util.Objects.requireNonNull(base.bias());
            return Dense.of(base.weight(), bias.add(shift).detach().requiresGrad(true));
        }
    }

    private final Layer dense = new Dense(2, 1, new Generator(1));
    private final Layer model = new Holder(dense, new Dense(1, 1, new Generator(2)));
    private final Tensor x = Tensor.ones(3, 2);

    @Example
    void anAdapterIsExchangedWithoutATraceOfTheOneBefore() {
        NdArray plain = dense.forward(x).data();
        model.replace(Dense.class, Plus::new);
        WeakReference<Block> first = new WeakReference<>(model.children().get("first"));
        for (int k = 0; k < 500; k++) {
            model.replace(Plus.class, plus -> new Plus(plus.base));
        }

        assertThat(dense.inForce()).isSameAs(model.children().get("first"));
        assertThat(dense.forward(x).data()).isEqualTo(plain.add(NdArray.ones(plain.dtype(), plain.shape())));
        assertThat(model.namedParameters().keySet())
                .containsExactly(
                        "first.shift",
                        "first.base.weight",
                        "first.base.bias",
                        "second.shift",
                        "second.base.weight",
                        "second.base.bias");
        assertThat(isCollected(first)).isTrue();

        model.replace(Plus.class, plus -> plus.base);
        assertThat(dense.inForce()).isSameAs(dense);
        assertThat(dense.forward(x).data()).isEqualTo(plain);
    }

    @Example
    void adaptersAreMergedAgainAndAgainWithoutATraceOfThoseBefore() {
        NdArray plain = dense.forward(x).data();
        for (int k = 0; k < 200; k++) {
            model.replace(Dense.class, Plus::new);
            model.replace(Plus.class, Plus::merged);
        }

        assertThat(model.substitutes()).hasSize(2).containsKey(dense);
        assertThat(dense.forward(x).sub(Tensor.of(plain)).sub(200).abs().amax().item())
                .isLessThan(1e-9);
    }

    private static boolean isCollected(WeakReference<?> reference) {
        for (int k = 0; k < 50 && reference.get() != null; k++) {
            System.gc();
        }
        return reference.get() == null;
    }
}
