package demo;

import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.Backend;
import io.adjoint.core.Generator;
import io.adjoint.nn.Sequential;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.layer.Tanh;
import io.adjoint.nn.loss.CrossEntropy;
import io.adjoint.nn.optim.Adam;
import java.util.Arrays;

/** Learns XOR with the loops of adjoint-simd. */
public final class Xor {
    private Xor() {}

    public static void main(String[] args) {
        Tensor x = Tensor.of(new double[][] {{0, 0}, {0, 1}, {1, 0}, {1, 1}});
        Tensor y = Tensor.of(new int[] {0, 1, 1, 0});

        Generator random = new Generator(1);
        Sequential model = new Sequential(new Dense(2, 8, random), new Tanh(), new Dense(8, 2, random));
        CrossEntropy crossEntropy = new CrossEntropy();
        Adam optimizer = new Adam(model.parameters(), 0.05);
        for (int step = 0; step < 200; step++) {
            optimizer.zeroGrad();
            crossEntropy.forward(model.forward(x), y).backward();
            optimizer.step();
        }

        Tensor logits = Autograd.noGrad(() -> model.forward(x));
        int[] answers = logits.argMax(1).data().toIntArray();
        if (!Backend.describe().startsWith("simd") || !Arrays.equals(answers, new int[] {0, 1, 1, 0})) {
            throw new AssertionError(Backend.describe() + "; learned " + Arrays.toString(answers));
        }
    }
}
