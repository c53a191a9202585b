package io.adjoint.nn.train;

import static io.adjoint.nn.Refusals.thrown;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.Workspace;
import io.adjoint.core.Generator;
import io.adjoint.nn.BlockList;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Sequential;
import io.adjoint.nn.Summary;
import io.adjoint.nn.data.Batch;
import io.adjoint.nn.layer.BatchNorm1d;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.layer.Dropout;
import io.adjoint.nn.layer.Lambda;
import io.adjoint.nn.layer.ReLU;
import io.adjoint.nn.layer.Residual;
import io.adjoint.nn.loss.MSE;
import io.adjoint.nn.optim.SGD;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Blocks that run within a model without being registered in it. */
class RegistrationTest {
    private final Generator rng = new Generator(1);
    private final List<Batch> batches = List.of(new Batch(Tensor.randn(rng, 4, 2), Tensor.randn(rng, 4, 2)));

    /** A layer that registers only one of its layers. */
    private static final class Net extends Layer {
        final Layer hidden;
        final List<Layer> others;

        Net(Layer hidden, Layer... others) {
            this.hidden = child("hidden", hidden);
            this.others = List.of(others);
        }

        @Override
        protected Tensor compute(Tensor x) {
            Tensor y = hidden.forward(x);
            for (Layer other : others) {
                y = other.forward(y);
            }
            return y;
        }
    }

    /** A layer that makes its layer in the first forward pass. */
    private final class Lazy extends Layer {
        private @Nullable Layer made;

        @Override
        protected Tensor compute(Tensor x) {
            Layer present = made;
            if (present == null) {
                present = child("made", dense());
                made = present;
            }
            return present.forward(x);
        }
    }

    private Dense dense() {
        return new Dense(2, 2, rng);
    }

    private History fit(Layer model) {
        return Trainer.of(model, new SGD(model.parameters(), 0.1), new MSE()).fit(batches, 2);
    }

    @Test
    void anUnregisteredBlockIsAnErrorOfTheFirstBatchThatNamesAllAndTheWayOut() {
        Net net = new Net(dense(), new Dropout(0.5, rng), dense());
        Map<String, ?> before = net.state();

        thrown(IllegalStateException.class, () -> fit(net))
                .withMessage(
                        "Net runs Dropout(p = 0.5) without having registered it, Net runs Dense(2 -> 2) without having"
                                + " registered it, so parameters(), eval(), state() and copy() of the model pass it over; register"
                                + " a block where it is created: layer = child(\"layer\", new …), and several as one child(\"layers\", new BlockList<>(…))");
        assertThat(net.state()).isEqualTo(before);
        thrown(IllegalStateException.class, () -> Evaluator.of(net, new MSE()).evaluate(batches))
                .withMessageContaining("Net runs Dropout");
    }

    @Test
    void theOuterBlockMayBeAnyOfTheModel() {
        Layer outer = new Sequential(dense(), new Net(dense(), new Sequential(new ReLU(), dense())));
        thrown(IllegalStateException.class, () -> fit(outer)).withMessageStartingWith("Net runs Sequential");

        Dense captured = dense();
        thrown(
                        IllegalStateException.class,
                        () -> fit(new Sequential(dense(), new Lambda("captured", captured::forward))))
                .withMessageStartingWith("Lambda runs Dense");
    }

    @Test
    void aBlockWithBuffersCounts() {
        thrown(IllegalStateException.class, () -> fit(new Net(dense(), new BatchNorm1d(2, rng))))
                .withMessageContaining("BatchNorm1d");
    }

    @Test
    void blocksThatRegistrationWouldMakeNoDifferenceToAreAllowed() {
        Dense teacher = dense();
        teacher.freeze();
        teacher.eval();
        Dense shared = dense();
        Layer frozen = new Sequential(dense(), new Dropout(0.5, rng));
        frozen.freeze();
        frozen.eval();

        assertThatNoException().isThrownBy(() -> fit(new Net(dense(), new ReLU(), new Sequential(new ReLU()))));
        assertThatNoException()
                .as("registered elsewhere in the model")
                .isThrownBy(() -> fit(new Sequential(shared, new Net(dense(), shared, new Residual(shared)))));
        assertThatNoException().as("frozen").isThrownBy(() -> fit(new Net(dense(), frozen)));
        Layer student = dense();
        assertThatNoException()
                .as("outside of the model's forward")
                .isThrownBy(() -> Trainer.<Batch>of(
                                student,
                                new SGD(student.parameters(), 0.1),
                                batch -> new Outcome(new MSE()
                                        .forward(
                                                student.forward(batch.x()),
                                                Autograd.noGrad(() -> dense().forward(batch.x())))))
                        .fit(batches, 2));
    }

    @Test
    void blocksOfComputedParametersAreAllowed() {
        Dense inner = dense();
        Layer outer = new Layer() {
            {
                child("inner", inner);
            }

            @Override
            protected Tensor compute(Tensor x) {
                return inner.withParameters(Map.of(
                                "weight", inner.weight().mul(2),
                                "bias", Objects.requireNonNull(inner.bias()).mul(2)))
                        .forward(x);
            }
        };
        assertThatNoException().isThrownBy(() -> fit(outer));
    }

    @Test
    void substitutesAndListsAreRegistered() {
        Layer model = new Sequential(dense(), new ReLU(), dense());
        model.replace(Dense.class, dense -> new Net(dense, new ReLU()));
        assertThatNoException().isThrownBy(() -> fit(model));

        BlockList<Dense> list = new BlockList<>(dense(), dense());
        Layer net = new Layer() {
            {
                child("list", list);
            }

            @Override
            protected Tensor compute(Tensor x) {
                return list.get(1).forward(list.get(0).forward(x));
            }
        };
        assertThatNoException().isThrownBy(() -> fit(net));
    }

    @Test
    void theDoctorFindsIt() {
        Net net = new Net(dense(), dense());
        try (Doctor doctor = Doctor.watch(net)) {
            assertThat(net.forward(batches.get(0).x()).shape().dim(0)).isEqualTo(4);
            assertThat(doctor.findings()).singleElement().satisfies(finding -> {
                assertThat(finding.mistake()).isEqualTo(Mistake.NOT_REGISTERED);
                assertThat(finding.toString()).contains("Net runs Dense(2 -> 2) without having registered it");
            });
        }
    }

    @Test
    void parametersThatTheFirstBatchRegistersAfterTheOptimizerWasMadeAreAnErrorThatNamesThem() {
        Layer model = new Sequential(dense(), new Lazy());
        Trainer<Batch> trainer = Trainer.of(model, new SGD(model.parameters(), 0.1), new MSE());

        for (int call = 0; call < 2; call++) {
            thrown(IllegalStateException.class, () -> trainer.fit(batches, 2))
                    .withMessage("Trainer: the first forward pass registered the parameters '1.made.weight' [2, 2],"
                            + " '1.made.bias' [2], which the optimizer doesn't have, so it would never train them;"
                            + " register all blocks in constructors, or make a new optimizer of model.parameters(), and a"
                            + " new Trainer, now that the model has run once");
        }
        assertThatNoException().as("a new optimizer").isThrownBy(() -> fit(model));
    }

    @Test
    void parametersThatASearchOfTheRateRegistersAreTheSameError() {
        Layer model = new Sequential(dense(), new Lazy());
        Trainer<Batch> trainer = Trainer.of(model, new SGD(model.parameters(), 0.1), new MSE());

        thrown(IllegalStateException.class, () -> trainer.searchRate(batches, 1e-3, 1, 5))
                .withMessageStartingWith(
                        "Trainer: the first forward pass registered the parameters '1.made.weight' [2, 2]");
    }

    @Test
    void parametersThatTheFirstBatchRegistersMayBeFrozenOrOfTheOptimizer() {
        Lazy lazy = new Lazy();
        Layer model = new Sequential(dense(), lazy);
        SGD optimizer = new SGD(model.parameters(), 0.1);
        lazy.onForward((x, y) -> {
            if (optimizer.groups().size() == 1) {
                optimizer.add(lazy.parameters());
            }
        });
        assertThatNoException()
                .isThrownBy(() -> Trainer.of(model, optimizer, new MSE()).fit(batches, 2));

        Lazy ofFrozen = new Lazy();
        ofFrozen.onForward((x, y) -> ofFrozen.freeze());
        Layer frozen = new Sequential(dense(), ofFrozen);
        assertThatNoException().isThrownBy(() -> fit(frozen));
    }

    @Test
    void theDoctorFindsThatAParameterWhichWasRegisteredLaterIsNotUpdated() {
        Layer model = new Sequential(dense(), new Lazy());
        SGD optimizer = new SGD(model.parameters(), 0.1);
        try (Doctor doctor = Doctor.watch(model)) {
            Workspace workspace = new Workspace();
            for (int step = 0; step < 6; step++) {
                workspace.run(() -> {
                    optimizer.zeroGrad();
                    Batch batch = batches.get(0);
                    new MSE().forward(model.forward(batch.x()), batch.y()).backward();
                    optimizer.step();
                });
            }
            assertThat(doctor.findings())
                    .extracting(finding -> finding.mistake() + " " + finding.path())
                    .containsExactly("NOT_UPDATED 1.made.weight", "NOT_UPDATED 1.made.bias");
        }
    }

    @Test
    void theSummaryMarksIt() {
        Summary summary =
                new Net(dense(), new ReLU(), dense()).summary(batches.get(0).x());

        assertThat(summary.rows().stream().map(Summary.Row::block))
                .containsExactly("Net()", "Dense(2 -> 2)", "ReLU()", "Dense(2 -> 2), not registered");
    }
}
