package io.adjoint.nn.train;

import static io.adjoint.nn.Refusals.refused;
import static io.adjoint.nn.Refusals.thrown;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Generator;
import io.adjoint.nn.HeldLeaves;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Sequential;
import io.adjoint.nn.data.Batch;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.loss.MSE;
import io.adjoint.nn.optim.SGD;
import java.util.ArrayList;
import java.util.Collections;
import java.util.ConcurrentModificationException;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Leaves that blocks keep in fields, registered and not. */
class HeldLeavesTest {
    private final Generator rng = new Generator(1);
    private final List<Batch> batches = List.of(new Batch(Tensor.randn(rng, 4, 2), Tensor.randn(rng, 4, 2)));

    private Dense dense() {
        return new Dense(2, 2, rng);
    }

    private History fit(Layer model) {
        return Trainer.of(model, new SGD(model.parameters(), 0.1), new MSE()).fit(batches, 2);
    }

    /** A layer that multiplies by leaves, which it keeps in fields of several kinds. */
    private static class Scales extends Layer {
        final Dense dense;
        List<Tensor> list = leaves();
        Map<String, Tensor> map = Map.of("a", leaf());
        Map<String, Tensor> several = Map.of();
        Tensor single = leaf();
        final Tensor unused = leaf();
        final Tensor constant = Tensor.ones(2);

        Scales(Dense dense) {
            this.dense = child("dense", dense);
        }

        static Tensor leaf() {
            return Tensor.ones(2).requiresGrad(true);
        }

        static List<Tensor> leaves() {
            return List.of(leaf(), leaf());
        }

        @Override
        protected Tensor compute(Tensor x) {
            Tensor y = dense.forward(x).mul(single).mul(constant);
            for (Tensor each : list) {
                y = y.mul(each);
            }
            return y.mul(Objects.requireNonNull(map.get("a")));
        }
    }

    @Test
    void leavesInFieldsListsAndMapsAreAnErrorOfTheFirstBatchThatNamesThem() {
        Layer model = new Sequential(new Scales(dense()));
        Map<String, ?> before = model.state();

        thrown(IllegalStateException.class, () -> fit(model))
                .withMessage(
                        "Trainer: the model computes with the leaves '0.list.0' [2], '0.list.1' [2], '0.map.a' [2], '0.single' [2] in"
                                + " its fields without having registered them, so they are neither trained nor saved; register a leaf where"
                                + " it is created: weight = parameter(\"weight\", …), and several as weights = parameters(\"weights\","
                                + " List.of(…)); add one that the model isn't to save to this optimizer: optimizer.add(List.of(leaf));"
                                + " keep one that another optimizer steps outside of the model's blocks");
        assertThat(model.state()).isEqualTo(before);
    }

    @Test
    void leavesThatTheOptimizerHasAreNoError() {
        Scales model = new Scales(dense());
        List<Tensor> all = new ArrayList<>(model.parameters());
        all.addAll(model.list);
        all.addAll(model.map.values());
        all.add(model.single);

        assertThatNoException()
                .isThrownBy(
                        () -> Trainer.of(model, new SGD(all, 0.1), new MSE()).fit(batches, 2));
    }

    @Test
    void anOldGradientOfALeafThatTheModelDoesNotComputeWithIsNoError() {
        Scales model = new Scales(dense());
        SGD optimizer = new SGD(model.parameters(), 0.1);
        optimizer.add(model.list);
        optimizer.add(List.copyOf(model.map.values()));
        optimizer.add(List.of(model.single));
        model.unused.setGrad(Tensor.ones(2));
        Trainer<Batch> trainer = Trainer.of(model, optimizer, new MSE());

        assertThat(trainer.searchRate(batches, 1e-3, 1, 3).toString()).isNotEmpty();
        assertThatNoException().isThrownBy(() -> trainer.fit(batches, 2));
    }

    @Test
    void aLeafWithAnOldGradientThatTheModelComputesWithIsAnError() {
        Scales model = new Scales(dense());
        model.list.get(0).setGrad(Tensor.ones(2));

        thrown(IllegalStateException.class, () -> fit(model)).withMessageContaining("'list.0' [2]");
    }

    @Test
    void theDoctorFindsLeavesThatAreNeitherRegisteredNorChanged() {
        Scales model = new Scales(dense());
        SGD optimizer = new SGD(model.parameters(), 0.01);
        SGD other = new SGD(model.list, 0.01);
        Doctor doctor = Doctor.watch(model);
        try (doctor) {
            for (int step = 0; step < 5; step++) {
                optimizer.zeroGrad();
                other.zeroGrad();
                new MSE()
                        .forward(
                                model.forward(batches.get(0).x()),
                                batches.get(0).y())
                        .backward();
                optimizer.step();
                other.step();
            }
        }

        assertThat(doctor.findings())
                .extracting(finding -> finding.mistake() + " " + finding.path())
                .containsExactlyInAnyOrder("NOT_REGISTERED map.a", "NOT_REGISTERED single");
        assertThat(doctor.findings().get(0).evidence())
                .isEqualTo(
                        "the leaf [2] in a field got 5 gradients, but is no parameter and stayed the same in 5 steps");
    }

    /** A layer whose field holds a leaf behind data. */
    private static final class Keeper extends Layer {
        @SuppressWarnings("UnusedVariable") // read by reflection
        final Object data;

        final Tensor scale = Scales.leaf();

        Keeper(Object data) {
            this.data = data;
        }

        @Override
        protected Tensor compute(Tensor x) {
            return x.mul(scale);
        }
    }

    private static Map<Tensor, String> held(Object data) {
        return HeldLeaves.of(new Keeper(data));
    }

    /** Without a bound this takes minutes. */
    @Test
    @Timeout(20)
    void dataOfAnySizeInAFieldIsSearchedAtItsBeginningAlone() {
        Map<Integer, Integer> map = new HashMap<>();
        for (int k = 0; k < 100_000; k++) {
            map.put(k, k);
        }
        List<Object> many = new ArrayList<>(Collections.nCopies(30_000, map));
        many.set(0, Scales.leaf());

        assertThat(held(Collections.nCopies(Integer.MAX_VALUE, 1)).values()).containsExactly("scale");
        assertThat(held(map).values()).containsExactly("scale");
        assertThat(held(List.of(Scales.leaf(), many)).values()).containsExactly("data.0", "data.1.0", "scale");
    }

    @Test
    void listsNestedInOneAnotherAreSearchedUpToADepth() {
        Object nested = Scales.leaf();
        for (int depth = 0; depth < 20_000; depth++) {
            nested = List.of(nested);
        }

        assertThat(held(nested).values()).containsExactly("scale");
        assertThat(held(List.of(List.of(List.of(Scales.leaf())))).values()).containsExactly("data.0.0.0", "scale");
    }

    @Test
    void aCollectionThatFailsEndsTheSearchOfItsFieldAlone() {
        List<Integer> growing = new ArrayList<>(List.of(1, 2)) {
            @Override
            public Iterator<Integer> iterator() {
                throw new ConcurrentModificationException();
            }
        };

        assertThat(held(Collections.unmodifiableList(growing)).values()).containsExactly("scale");
    }

    @Test
    void registeredListsAndMapsAreTrainedSavedAndCopied() {
        final class Registered extends Scales {
            Registered(Dense dense) {
                super(dense);
                list = parameters("list", leaves());
                map = parameters("map", map);
                several = parameters("several", Map.of("c", leaf(), "10", leaf(), "b", leaf()));
                single = parameter("single", single);
            }
        }
        Registered model = new Registered(dense());
        Registered copy = (Registered) model.copy();

        assertThat(model.namedParameters().keySet())
                .containsExactly(
                        "single",
                        "dense.weight",
                        "dense.bias",
                        "list.0",
                        "list.1",
                        "map.a",
                        "several.10",
                        "several.b",
                        "several.c");
        assertThat(model.several.keySet()).containsExactly("10", "b", "c");
        assertThatNoException().isThrownBy(() -> fit(model));
        assertThat(model.list.get(1).data()).isNotEqualTo(copy.list.get(1).data());
        copy.load(model.state());
        assertThat(copy.list.get(1).data()).isEqualTo(model.list.get(1).data());
        assertThat(copy.namedParameters().get("list.1")).isSameAs(copy.list.get(1));
        assertThat(copy.namedParameters().get("map.a")).isSameAs(copy.map.get("a"));
    }

    @Test
    void aListWithATensorThatIsNoLeafIsRefusedAsAWhole() {
        Layer model = new Layer() {
            {
                refused(() -> parameters("weights", List.of(Scales.leaf(), Tensor.ones(2))))
                        .withMessageStartingWith("parameter: '1' [2] does not require grad");
                refused(() -> parameters("weights", Map.of("a.b", Scales.leaf())))
                        .withMessageContaining("must not contain a dot");
            }

            @Override
            protected Tensor compute(Tensor x) {
                return x;
            }
        };
        assertThat(model.children()).isEmpty();
    }
}
