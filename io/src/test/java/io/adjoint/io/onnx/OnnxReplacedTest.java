package io.adjoint.io.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.Generator;
import io.adjoint.core.Shape;
import io.adjoint.nn.Block;
import io.adjoint.nn.Init;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Sequential;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.layer.ReLU;
import io.adjoint.nn.layer.Residual;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests that a model with replaced layers is exported as it computes. */
class OnnxReplacedTest {
    private static final OnnxOptions FOUR = new OnnxOptions().input("x", DType.FLOAT32, Shape.of(1, 4));

    private final Init init = new Init(new Generator(1));

    private static List<String> operators(Block model, OnnxOptions options) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Onnx.exported(model, options).write(bytes);
        return WireMessage.of(bytes.toByteArray()).message(7).messages(1).stream()
                .map(node -> node.text(4))
                .filter(type -> !type.equals("Identity"))
                .toList();
    }

    @Test
    void aSubstituteWithTheReplacedLayerInIt() throws IOException {
        Layer model = new Sequential(new Dense(4, 4, init), new ReLU());
        model.replace(Dense.class, layer -> new Residual(layer));

        assertThat(operators(model, FOUR)).containsExactly("Gemm", "Add", "Relu");
        model.replace(Residual.class, layer -> new Residual(layer));
        assertThat(operators(model, FOUR)).containsExactly("Gemm", "Add", "Add", "Relu");
    }

    @Test
    void aSubstituteInPlaceOfTheLayer() throws IOException {
        Layer model = new Sequential(new Dense(4, 4, init));
        model.replace(Dense.class, dense -> new ReLU());

        assertThat(operators(model, FOUR)).containsExactly("Relu");
    }

    private static final class Own extends Layer {
        private final Dense dense;

        Own(Init init) {
            dense = child("dense", new Dense(4, 4, init));
        }

        @Override
        protected Tensor compute(Tensor x) {
            return dense.forward(x).tanh();
        }
    }

    @Test
    void aRuleThatNamesTheReplacedLayerByItsField() throws IOException {
        Own model = new Own(init);
        model.replace(Dense.class, layer -> new Residual(layer));
        OnnxOptions options =
                FOUR.layer(Own.class, (graph, own, x) -> graph.op("Tanh").of(graph.layer(own.dense, x)));

        assertThat(operators(model, options)).containsExactly("Gemm", "Add", "Tanh");
    }

    @Test
    void hooksOfALayer() throws IOException {
        Dense dense = new Dense(4, 4, init);
        dense.beforeForward(Tensor::abs);
        dense.afterForward((x, y) -> y.mul(2));

        assertThat(operators(new Sequential(dense), FOUR)).containsExactly("Abs", "Gemm", "Mul");
    }
}
