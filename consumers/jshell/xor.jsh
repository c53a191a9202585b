import io.adjoint.autograd.*
import io.adjoint.core.Generator
import io.adjoint.nn.*
import io.adjoint.nn.layer.*
import io.adjoint.nn.loss.*
import io.adjoint.nn.optim.*

Tensor x = Tensor.of(new double[][] {{0, 0}, {0, 1}, {1, 0}, {1, 1}})
Tensor y = Tensor.of(new int[] {0, 1, 1, 0})

var random = new Generator(1)
var model = new Sequential(new Dense(2, 8, random), new Tanh(), new Dense(8, 2, random))
var crossEntropy = new CrossEntropy()
var optimizer = new Adam(model.parameters(), 0.05)
for (int step = 0; step < 200; step++) {
    optimizer.zeroGrad();
    crossEntropy.forward(model.forward(x), y).backward();
    optimizer.step();
}

Tensor logits = Autograd.noGrad(() -> model.forward(x))
int[] answers = logits.argMax(1).data().toIntArray()
System.out.println("JShell learned " + Arrays.toString(answers))
/exit Arrays.equals(answers, new int[] {0, 1, 1, 0}) && !logits.requiresGrad() ? 0 : 1
/exit 2
