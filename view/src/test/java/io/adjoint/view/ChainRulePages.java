package io.adjoint.view;

import static io.adjoint.autograd.Autograd.op;
import static io.adjoint.autograd.Edge.edge;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.Generator;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Sequential;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.layer.Sigmoid;
import io.adjoint.nn.layer.Tanh;
import io.adjoint.nn.loss.MSE;
import io.adjoint.nn.optim.SGD;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

/** The pages that docs/chain-rule.md names, by the names of their files. */
public final class ChainRulePages {
    /** The folder that the build writes them to. */
    static final Path FOLDER = Path.of("target", "chain-rule");

    private ChainRulePages() {}

    static Map<String, ChainRulePage> all() {
        Map<String, ChainRulePage> pages = new LinkedHashMap<>();
        pages.put("xor", xor());
        pages.put("neuron", neuron());
        pages.put("softmax", softmax());
        pages.put("lstm", lstm());
        pages.put("attention", attention());
        pages.put("wrong-rule", wrongRule());
        return pages;
    }

    /** Writes a page and returns its file. */
    @CanIgnoreReturnValue
    static Path write(String name, ChainRulePage page) {
        Path file = FOLDER.resolve(name + ".html");
        page.write(file);
        return file;
    }

    /** The network of docs/backpropagation.md, with 500 training steps between those that are shown. */
    public static ChainRulePage xor() {
        Tensor x = Tensor.of(new double[][] {{0, 0}, {0, 1}, {1, 0}, {1, 1}});
        Tensor t = Tensor.of(0, 1, 1, 0).reshape(4, 1);
        Generator rng = new Generator(2);
        Dense hidden = new Dense(2, 2, rng);
        Dense output = new Dense(2, 1, rng);
        Sequential network = new Sequential(hidden, new Sigmoid(), output, new Sigmoid());
        SGD optimizer = new SGD(network.parameters(), 1).momentum(0.9);
        Supplier<Tensor> loss = () -> new MSE().halved().forward(network.forward(x), t);
        return ChainRulePage.training(5, loss, () -> {
                    for (int k = 0; k < 500; k++) {
                        optimizer.zeroGrad();
                        loss.get().backward();
                        optimizer.step();
                    }
                })
                .every(500)
                .name("x", x)
                .name("t", t)
                .name("w", hidden.weight())
                .name("b", Objects.requireNonNull(hidden.bias()))
                .name("v", output.weight())
                .name("c", Objects.requireNonNull(output.bias()))
                .title("Backpropagation through the XOR network")
                .about("Nine parameters: weights w and biases b of two hidden units, weights v and bias c of the"
                        + " output. Between two training steps shown here lie 499 others.");
    }

    static ChainRulePage neuron() {
        Tensor w = Tensor.scalar(0.5).requiresGrad(true);
        Tensor b = Tensor.scalar(0.1).requiresGrad(true);
        Tensor x = Tensor.scalar(0.8);
        Tensor t = Tensor.scalar(1);
        return ChainRulePage.of(() -> w.mul(x).add(b).sigmoid().sub(t).square())
                .name("w", w)
                .name("b", b)
                .name("x", x)
                .name("t", t)
                .title("One neuron");
    }

    static ChainRulePage softmax() {
        Tensor w =
                Tensor.of(new double[][] {{0.2, -0.5}, {0.7, 0.1}, {-0.3, 0.4}}).requiresGrad(true);
        Tensor b = Tensor.of(0.1, 0, -0.1).requiresGrad(true);
        Tensor x = Tensor.of(1, 2);
        Tensor t = Tensor.of(0, 0, 1);
        return ChainRulePage.of(
                        () -> w.matmul(x).add(b).softmax(0).log().mul(t).sum().neg())
                .name("w", w)
                .name("b", b)
                .name("x", x)
                .name("t", t)
                .title("Softmax with cross entropy")
                .about("Three classes, of which the third is right: L = −Σ t · log softmax(w · x + b).");
    }

    /** An LSTM cell with two inputs and one hidden unit. */
    static ChainRulePage lstm() {
        Generator rng = new Generator(1);
        Tensor w = Tensor.uniform(-1, 1, rng, 4, 2).requiresGrad(true);
        Tensor u = Tensor.uniform(-1, 1, rng, 4).requiresGrad(true);
        Tensor b = Tensor.uniform(-1, 1, rng, 4).requiresGrad(true);
        Tensor x = Tensor.of(1, -0.5);
        Tensor h = Tensor.scalar(0.3);
        Tensor c = Tensor.scalar(-0.2);
        return ChainRulePage.of(() -> {
                    Tensor gates = w.matmul(x).add(u.mul(h)).add(b);
                    Tensor input = gates.select(0, 0).sigmoid();
                    Tensor forget = gates.select(0, 1).sigmoid();
                    Tensor candidate = gates.select(0, 2).tanh();
                    Tensor output = gates.select(0, 3).sigmoid();
                    Tensor cell = forget.mul(c).add(input.mul(candidate));
                    return output.mul(cell.tanh()).sub(0.5).square();
                })
                .name("w", w)
                .name("u", u)
                .name("b", b)
                .name("x", x)
                .name("h", h)
                .name("c", c)
                .title("An LSTM cell")
                .about("One hidden unit: input gate, forget gate, candidate and output gate, the new cell state and"
                        + " output, and the loss (h − ½)².");
    }

    static ChainRulePage attention() {
        Generator rng = new Generator(3);
        Tensor x = Tensor.of(new double[][] {{1, 0}, {0.5, -1}});
        Tensor q = Tensor.uniform(-1, 1, rng, 2, 2).requiresGrad(true);
        Tensor k = Tensor.uniform(-1, 1, rng, 2, 2).requiresGrad(true);
        Tensor v = Tensor.uniform(-1, 1, rng, 2, 2).requiresGrad(true);
        return ChainRulePage.of(() -> {
                    Tensor scores = x.matmul(q).matmul(x.matmul(k).transpose()).div(StrictMath.sqrt(2));
                    return scores.softmax(1).matmul(x.matmul(v)).square().mean();
                })
                .name("x", x)
                .name("Wq", q)
                .name("Wk", k)
                .name("Wv", v)
                .title("Attention of two tokens")
                .about("softmax(Q · Kᵀ / √2) · V of two tokens of two numbers; x is used three times.");
    }

    /** A wrong backward rule: the fourth error of docs/backpropagation.md. */
    static ChainRulePage wrongRule() {
        Tensor w = Tensor.of(0.3, -0.7).requiresGrad(true);
        Tensor b = Tensor.scalar(0.2).requiresGrad(true);
        Tensor x = Tensor.of(1, 2);
        return ChainRulePage.of(
                        () -> sigmoidWithoutSlope(w.mul(x).sum().add(b)).sub(1).square())
                .name("w", w)
                .name("b", b)
                .name("x", x)
                .title("A wrong backward rule")
                .about("The backward rule of sigmoidWithoutSlope leaves the slope y · (1 − y) out. The chain rule is"
                        + " carried out without an error all the same; only differences tell.");
    }

    private static Tensor sigmoidWithoutSlope(Tensor x) {
        return op("sigmoidWithoutSlope", x.sigmoid().data(), edge(x, g -> g));
    }

    /** A chain of more than 500 tensors in blocks. */
    static ChainRulePage deep() {
        Generator rng = new Generator(5);
        Layer[] stages = new Layer[8];
        for (int s = 0; s < stages.length; s++) {
            Layer[] layers = new Layer[32];
            for (int k = 0; k < layers.length; k += 2) {
                layers[k] = new Dense(2, 2, rng);
                layers[k + 1] = new Tanh();
            }
            stages[s] = new Sequential(layers);
        }
        Sequential network = new Sequential(stages);
        Tensor x = Tensor.of(new double[][] {{1, 2}});
        return ChainRulePage.of(() -> network.forward(x).square().sum())
                .names(network)
                .name("x", x)
                .title("Hundreds of tensors");
    }
}
