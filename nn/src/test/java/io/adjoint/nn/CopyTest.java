// Long because copies of each kind of part that a block may have are tried in small blocks of their own.
package io.adjoint.nn;

import static io.adjoint.nn.Refusals.refused;
import static io.adjoint.nn.Refusals.thrown;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.DTypeException;
import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.nn.layer.BatchNorm1d;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.layer.Dropout;
import io.adjoint.nn.layer.LSTM;
import io.adjoint.nn.layer.Lambda;
import io.adjoint.nn.layer.MultiHeadAttention;
import io.adjoint.nn.layer.ReLU;
import io.adjoint.nn.layer.Tanh;
import io.adjoint.nn.layer.TransformerEncoder;
import io.adjoint.nn.layer.TransformerOptions;
import io.adjoint.nn.optim.SGD;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InvalidObjectException;
import java.io.NotSerializableException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Copies of blocks, also in another dtype. */
class CopyTest {
    private final Generator rng = new Generator(1);
    private final Tensor x = Tensor.randn(new Generator(2), 5, 4);

    /** A layer with all kinds of fields. */
    private static final class Rich extends Layer {
        private final Dense first;
        private final Dense[] rest;
        private final Map<Dense, String> names = new HashMap<>();
        private final Buffer calls;
        private final Tensor constant = Tensor.of(1, 2, 3, 4);
        private final UnaryOperator<Tensor> activation = Tensor::tanh;

        @SuppressWarnings("UnusedVariable") // the field is only there to be copied
        private @Nullable Tensor lastOutput;

        private transient @Nullable Object notCopied = "x";

        Rich(Generator rng) {
            first = child("first", new Dense(4, 4, rng));
            rest = new Dense[] {child("again", first), child("last", new Dense(4, 4, rng))};
            names.put(first, "first");
            calls = buffer("calls", NdArray.zeros(DType.INT32, Shape.of(1)));
        }

        @Override
        protected Tensor compute(Tensor x) {
            Tensor y = activation.apply(first.forward(x)).mul(constant.to(x.dtype()));
            for (Dense layer : rest) {
                y = layer.forward(y);
            }
            if (isTraining()) {
                calls.assign(
                        Tensor.of(new int[] {calls.value().toIntArray()[0] + 1}).data());
            }
            lastOutput = y.detach();
            return y;
        }
    }

    private static void train(Layer model, Tensor x) {
        SGD sgd = new SGD(model.parameters(), 0.1);
        model.forward(x).square().mean().backward();
        sgd.step();
        model.zeroGrad();
    }

    @Test
    void aCopyComputesTheSameBitsAndIsTrainedApart() {
        Rich model = new Rich(rng);
        train(model, x);
        Rich copy = (Rich) model.copy();
        Map<String, NdArray> state = model.state();

        assertThat(copy.state()).isEqualTo(state);
        assertThat(copy.forward(x).data()).isEqualTo(model.forward(x).data());
        train(copy, x);
        assertThat(copy.state()).isNotEqualTo(state);
        Map<String, NdArray> after = model.state();
        assertThat(after.get("first.weight")).isEqualTo(state.get("first.weight"));
        assertThat(model.calls.value().toIntArray()).containsExactly(2);
        assertThat(copy.calls.value().toIntArray()).containsExactly(3);
    }

    @Test
    void partsThatAreSharedAreSharedInTheCopyAndOthersAreNew() {
        Rich model = new Rich(rng);
        Rich copy = (Rich) model.copy();

        assertThat(copy.rest[0]).isSameAs(copy.first).isNotSameAs(model.first);
        assertThat(copy.names).containsOnlyKeys(copy.first);
        assertThat(copy.children().get("first")).isSameAs(copy.first);
        assertThat(copy.parameters()).hasSize(4).doesNotContainAnyElementsOf(model.parameters());
        assertThat(copy.constant).isNotSameAs(model.constant);
        assertThat(copy.activation).isSameAs(model.activation);
        assertThat(copy.notCopied).isNull();
    }

    @Test
    void modesAndWhatIsFrozenAreKeptGradientsAndHooksAreNot() {
        Sequential model = new Sequential(new Dense(4, 3, rng), new Tanh(), new Dense(3, 1, rng));
        model.get(0).freeze();
        model.get(1).eval();
        List<Tensor> seen = new ArrayList<>();
        model.onForward((in, out) -> seen.add(out));
        model.forward(x).sum().backward();
        seen.clear();

        Sequential copy = (Sequential) model.copy();
        assertThat(copy.forward(x).shape()).isEqualTo(Shape.of(5, 1));

        assertThat(seen).isEmpty();
        assertThat(copy.isTraining()).isTrue();
        assertThat(copy.get(1).isTraining()).isFalse();
        assertThat(copy.get(0).parameters()).noneMatch(Tensor::requiresGrad);
        copy.unfreeze();
        assertThat(copy.parameters()).allMatch(Tensor::requiresGrad).allMatch(leaf -> leaf.grad() == null);
        assertThat(model.get(0).parameters()).noneMatch(Tensor::requiresGrad);
    }

    @Test
    void aCopyCanBeTakenApartAsItsOriginal() {
        Sequential model = new Sequential(new Dense(4, 3, rng), new Tanh());
        Sequential copy = (Sequential) model.copy();
        copy.append(new Dense(3, 1, rng));
        copy.replace(Tanh.class, tanh -> new ReLU());

        assertThat(copy.toString()).contains("ReLU").doesNotContain("Tanh");
        assertThat(model.toString()).contains("Tanh").doesNotContain("ReLU");
        assertThat(copy.forward(x).shape()).isEqualTo(Shape.of(5, 1));
    }

    @Test
    void randomGeneratorsAreTheSameInBoth() {
        Sequential model = new Sequential(new Dropout(0.5, rng));
        Layer copy = model.copy();
        Map<String, NdArray> before = rng.state();
        NdArray first = model.forward(x).data();

        assertThat(copy.forward(x).data()).isNotEqualTo(first);
        rng.load(before);
        assertThat(copy.forward(x).data()).isEqualTo(first);
    }

    private static final class Shifted extends Layer {
        private final NdArray shift;
        private final double[] own = {1};

        Shifted(NdArray shift) {
            this.shift = shift;
        }

        @Override
        protected Tensor compute(Tensor x) {
            return x.add(Tensor.of(shift)).mul(own[0]);
        }
    }

    @Test
    void anNdArrayInAFieldIsTheSameInBothAndAJavaArrayIsCopied() {
        Shifted model = new Shifted(NdArray.scalar(DType.FLOAT64, 2));
        Shifted copy = (Shifted) model.copy();
        model.own[0] = 5;

        assertThat(copy.shift).isSameAs(model.shift);
        assertThat(copy.forward(Tensor.of(1.0)).item()).isEqualTo(3);
    }

    @Test
    void blocksThatAreNoLayersAreCopied() {
        LSTM lstm = new LSTM(4, 3, rng);
        LSTM copy = (LSTM) lstm.copy();
        MultiHeadAttention attention = new MultiHeadAttention(4, 2, rng);
        MultiHeadAttention other = (MultiHeadAttention) attention.to(DType.FLOAT32);
        Tensor sequences = x.unsqueeze(0);
        Tensor floats = sequences.to(DType.FLOAT32);

        assertThat(copy.forward(sequences).sequence().data())
                .isEqualTo(lstm.forward(sequences).sequence().data());
        assertThat(other.forward(floats, floats, floats).dtype()).isEqualTo(DType.FLOAT32);
    }

    @Test
    void aCopyOfAnotherDTypeIsTheRoundedModelAndRuns() {
        TransformerEncoder model = new TransformerEncoder(
                2, 4, 2, new TransformerOptions().feedForward(8).finalNorm(true), rng);
        Layer floats = model.to(DType.FLOAT32);

        floats.state()
                .forEach((path, array) -> assertThat(array)
                        .isEqualTo(
                                Objects.requireNonNull(model.state().get(path)).to(DType.FLOAT32)));
        assertThat(floats.forward(x.unsqueeze(0).to(DType.FLOAT32)).dtype()).isEqualTo(DType.FLOAT32);
        assertThat(floats.to(DType.FLOAT64).forward(x.unsqueeze(0)).dtype()).isEqualTo(DType.FLOAT64);
        assertThat(floats.toString()).contains("FLOAT32");
        assertThatThrownBy(() -> model.to(DType.INT32)).isInstanceOf(DTypeException.class);
    }

    @Test
    void statisticsOfAConvertedNormalizationCanBeEstimatedAnew() {
        Layer floats = new Sequential(new BatchNorm1d(4, rng)).to(DType.FLOAT32);

        io.adjoint.nn.layer.BatchNorm.updateStatistics(floats, List.of(x.to(DType.FLOAT32)), floats::forward);

        assertThat(floats.state().get("0.runningMean"))
                .isEqualTo(x.to(DType.FLOAT32).mean(0).data());
    }

    // ---- classes of users ----

    /** A block with a child of an anonymous class, which refers to the block. */
    private static final class Outer extends Layer {
        private final Dense dense;
        private final Layer inner;

        Outer(Generator rng) {
            dense = child("dense", new Dense(4, 4, rng));
            inner = child("inner", new Layer() {
                @Override
                protected Tensor compute(Tensor x) {
                    return dense.forward(x).relu();
                }
            });
        }

        @Override
        protected Tensor compute(Tensor x) {
            return inner.forward(x);
        }
    }

    @Test
    void anInnerClassOfABlockBelongsToTheCopyOfThatBlock() {
        Outer model = new Outer(rng);
        Outer copy = (Outer) model.copy();
        NdArray before = model.forward(x).data();
        copy.dense.weight().assign(NdArray.zeros(DType.FLOAT64, Shape.of(4, 4)));

        assertThat(model.forward(x).data()).isEqualTo(before);
        assertThat(copy.forward(x).data()).isNotEqualTo(before);
    }

    private record Pair(Dense a, Dense b) {}

    private record SerializablePair(Dense a, Dense b) implements Serializable {}

    private static final class OfRecord extends Layer {
        private final Object pair;

        OfRecord(Generator rng, boolean serializable) {
            Dense a = child("a", new Dense(4, 4, rng));
            pair = serializable ? new SerializablePair(a, a) : new Pair(a, a);
        }

        @Override
        protected Tensor compute(Tensor x) {
            return pair instanceof SerializablePair both ? both.a.forward(x) : ((Pair) pair).a.forward(x);
        }
    }

    @Test
    void aRecordOfBlocksIsCopiedIfItIsSerializableAndElseRefused() {
        OfRecord copy = (OfRecord) new OfRecord(rng, true).copy();

        assertThat(((SerializablePair) copy.pair).b()).isSameAs(copy.children().get("a"));
        refused(() -> new OfRecord(rng, false).copy())
                .withMessageStartingWith("copy: the field pair of the block OfRecord(), a ")
                .withMessageContaining("uses the block 'a' Dense(4 -> 4) of the original")
                .withMessageEndingWith("let the record implement java.io.Serializable");
    }

    /** A block with a function in a field. */
    private static final class OfFunction extends Layer {
        private final Object function;
        private final Dense dense;

        OfFunction(Generator rng, java.util.function.Function<Dense, Object> made) {
            dense = child("dense", new Dense(4, 4, rng));
            function = made.apply(dense);
        }

        @Override
        @SuppressWarnings("unchecked")
        protected Tensor compute(Tensor x) {
            return ((UnaryOperator<Tensor>) function).apply(x);
        }
    }

    private interface SerializableFunction extends UnaryOperator<Tensor>, Serializable {}

    @Test
    void aFunctionThatUsesAPartOfTheModelIsRefused() {
        for (java.util.function.Function<Dense, Object> made : List.<java.util.function.Function<Dense, Object>>of(
                dense -> (UnaryOperator<Tensor>) dense::forward,
                dense -> (UnaryOperator<Tensor>) in -> in.matmul(dense.weight().transpose(0, 1)),
                dense -> new Holder(dense.weight()),
                dense -> Optional.of(dense),
                dense -> new Holder(List.of(Map.of("a", dense))))) {
            refused(() -> new OfFunction(rng, made).copy())
                    .withMessageContaining("the field function of the block OfFunction()")
                    .withMessageContaining("of the original, so the copy would go on using it");
        }
        refused(() -> new OfFunction(rng, dense -> (UnaryOperator<Tensor>) dense::forward).copy())
                .withMessageContaining("make the lambda a method of the block, or cast it to Serializable as well");
    }

    private static final class Holder {
        private final Object held;

        Holder(Object held) {
            this.held = held;
        }

        @Override
        public String toString() {
            return held.toString();
        }
    }

    @Test
    void aFunctionThatIsSerializableUsesTheCopy() {
        OfFunction model = new OfFunction(rng, dense -> (SerializableFunction) dense::forward);
        OfFunction copy = (OfFunction) model.copy();
        copy.dense.weight().assign(NdArray.zeros(DType.FLOAT64, Shape.of(4, 4)));

        assertThat(copy.forward(x).data()).isNotEqualTo(model.forward(x).data());
    }

    @Test
    void aFunctionOfAnotherModelIsShared() {
        Dense teacher = new Dense(4, 4, rng);
        Layer copy = new Sequential(new Lambda("teacher", in -> teacher.forward(in)), new Dense(4, 1, rng)).copy();

        assertThat(copy.forward(x).shape()).isEqualTo(Shape.of(5, 1));
    }

    @Test
    void anAnonymousLayerOfATestIsCopied() {
        Layer model = new Layer() {
            private final Dense dense = child("dense", new Dense(4, 2, rng));

            @Override
            protected Tensor compute(Tensor in) {
                return dense.forward(in).add(x.sum());
            }
        };

        assertThat(model.copy().forward(x).data()).isEqualTo(model.forward(x).data());
    }

    @Test
    void aTensorThatWasComputedIsRefused() {
        Layer model = new Layer() {
            private final Dense dense = child("dense", new Dense(4, 2, rng));
            private final List<Tensor> kept = new ArrayList<>();

            @Override
            protected Tensor compute(Tensor in) {
                kept.add(dense.forward(in));
                return kept.get(0);
            }
        };
        assertThat(model.forward(x).shape()).isEqualTo(Shape.of(5, 2));

        refused(model::copy)
                .withMessageContaining("holds a tensor [5, 2] that was computed from others")
                .withMessageContaining("detach()");
    }

    @Test
    void whoWritesABlockByHandIsToldWhatToDo() throws Exception {
        Dense dense = new Dense(2, 2, rng);
        try (ObjectOutputStream out = new ObjectOutputStream(new ByteArrayOutputStream())) {
            thrown(NotSerializableException.class, () -> out.writeObject(dense))
                    .withMessageContaining("StateDict")
                    .withMessageContaining("Checkpoints");
        }
        // A stream that declares an object of the class Tanh, but contains none of its data.
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes) {
            @Override
            protected void writeClassDescriptor(java.io.ObjectStreamClass type) throws java.io.IOException {
                super.writeClassDescriptor(java.io.ObjectStreamClass.lookup(Tanh.class));
            }
        }) {
            out.writeObject(new Empty());
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            thrown(InvalidObjectException.class, in::readObject)
                    .withMessageContaining("load its state into a new block");
        }
    }

    private static final class Empty implements Serializable {}
}
