package io.adjoint.view;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Generator;
import io.adjoint.nn.Sequential;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.layer.Sigmoid;
import io.adjoint.nn.loss.MSE;
import io.adjoint.nn.optim.SGD;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ChainRuleBrowserTest extends Browser {
    private static final Path XOR = Path.of("target", "pages", "xor.html");

    @BeforeAll
    static void write() {
        Tensor x = Tensor.of(new double[][] {{0, 0}, {0, 1}, {1, 0}, {1, 1}});
        Tensor t = Tensor.of(0, 1, 1, 0).reshape(4, 1);
        Generator rng = new Generator(2);
        Dense hidden = new Dense(2, 2, rng);
        Dense output = new Dense(2, 1, rng);
        Sequential network = new Sequential(hidden, new Sigmoid(), output, new Sigmoid());
        SGD optimizer = new SGD(network.parameters(), 1).momentum(0.9);
        Supplier<Tensor> loss = () -> new MSE().halved().forward(network.forward(x), t);
        ChainRulePage.training(5, loss, () -> {
                    for (int k = 0; k < 500; k++) {
                        optimizer.zeroGrad();
                        loss.get().backward();
                        optimizer.step();
                    }
                })
                .name("x", x)
                .name("t", t)
                .name("W", hidden.weight())
                .name("b", hidden.bias().get())
                .name("V", output.weight())
                .name("c", output.bias().get())
                .title("Backpropagation through the XOR network")
                .write(XOR);
    }

    @ParameterizedTest
    @EnumSource
    void xorIsSound(Look look) {
        open(XOR, look);
        screenshot("xor-begin-" + look);
        for (int k = 0; k < 12; k++) {
            find("#step").click();
        }
        assertSound("xor-" + look);
    }
}
