package io.adjoint.nn;

import static io.adjoint.nn.Refusals.refused;
import static io.adjoint.nn.Refusals.thrown;
import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Generator;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import io.adjoint.nn.layer.Dense;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Blocks of an input and an output of any types. */
class ModelTest {
    private static final Tensor X = Tensor.of(1, 2, 3, 4).reshape(1, 4);

    record Code(Tensor image, Tensor mean, Tensor logVariance) {}

    private static final class Vae extends Model<Tensor, Code> {
        private final Generator rng = new Generator(1);
        private final Dense mean = child("mean", new Dense(4, 2, rng));
        private final Dense logVariance = child("logVariance", new Dense(4, 2, rng));
        private final Dense decoder;

        Vae(int code) {
            decoder = child("decoder", new Dense(code, 4, rng));
        }

        @Override
        protected Code compute(Tensor x) {
            Tensor mu = mean.forward(x);
            Tensor v = logVariance.forward(x);
            return new Code(decoder.forward(mu.add(v.div(2).exp())), mu, v);
        }
    }

    @Test
    void aModelReturnsSeveralOutputs() {
        Code code = new Vae(2).forward(X);

        assertThat(code.image().shape()).isEqualTo(Shape.of(1, 4));
        assertThat(code.mean().shape()).isEqualTo(Shape.of(1, 2));
    }

    @Test
    void anErrorHasThePathInTheModelAndAroundIt() {
        Vae wrong = new Vae(3);
        thrown(ShapeException.class, () -> wrong.forward(X)).withMessageStartingWith("decoder: Dense(3 -> 4): ");
        Model<List<Tensor>, Code> outer = new Model<>() {
            private final Vae inner = child("inner", wrong);

            @Override
            protected Code compute(List<Tensor> inputs) {
                return inner.forward(inputs.get(0));
            }
        };
        thrown(ShapeException.class, () -> outer.forward(List.of(X)))
                .withMessageStartingWith("inner.decoder: Dense(3 -> 4): ");
    }

    @Test
    void aSummaryHasTheShapesOfAllOutputs() {
        Vae vae = new Vae(2);
        Summary summary = Summary.of(vae, () -> vae.forward(X));

        assertThat(summary.rows().stream().map(Summary.Row::path))
                .containsExactly("", "mean", "logVariance", "decoder");
        assertThat(summary.rows().get(0).outputs()).containsExactly(Shape.of(1, 4), Shape.of(1, 2), Shape.of(1, 2));
    }

    @Test
    void anUnregisteredBlockWithinAModelIsFound() {
        Dense hidden = new Dense(4, 2, new Generator(1));
        Model<Tensor, List<Tensor>> model = new Model<>() {
            @Override
            protected List<Tensor> compute(Tensor x) {
                return List.of(hidden.forward(x));
            }
        };
        thrown(IllegalStateException.class, () -> Registration.required(model, () -> model.forward(X)))
                .withMessageStartingWith("Model runs Dense(4 -> 2) without having registered it");
    }

    @Test
    @SuppressWarnings("NullAway") // the model computes null, which is refused
    void noOutputIsRefused() {
        Model<Tensor, Code> model = new Model<>() {
            @Override
            protected Code compute(Tensor x) {
                return null;
            }
        };
        refused(() -> model.forward(X)).withMessage("Model(): the block computed null");
    }

    @Test
    void everyLayerIsAModelOfOneTensor() {
        Model<Tensor, Tensor> dense = new Dense(4, 2, new Generator(1));

        assertThat(dense.forward(X).shape()).isEqualTo(Shape.of(1, 2));
    }
}
