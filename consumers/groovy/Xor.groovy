import io.adjoint.autograd.Autograd
import io.adjoint.autograd.Tensor
import io.adjoint.core.Generator
import io.adjoint.nn.Sequential
import io.adjoint.nn.layer.Dense
import io.adjoint.nn.layer.Tanh
import io.adjoint.nn.loss.CrossEntropy
import io.adjoint.nn.optim.Adam

def x = Tensor.of([[0, 0], [0, 1], [1, 0], [1, 1]] as double[][])
def y = Tensor.of([0, 1, 1, 0] as int[])

def random = new Generator(1)
def model = new Sequential(new Dense(2, 8, random), new Tanh(), new Dense(8, 2, random))
def crossEntropy = new CrossEntropy()
def optimizer = new Adam(model.parameters(), 0.05)
200.times {
    optimizer.zeroGrad()
    crossEntropy.forward(model.forward(x), y).backward()
    optimizer.step()
}

def logits = Autograd.noGrad { model.forward(x) }
assert !logits.requiresGrad()
assert logits.argMax(1).data().toIntArray() == [0, 1, 1, 0] as int[]

// Whole numbers make the tensor that they make in Java.
assert Tensor.of(1, 2, 3).mul(2).sum().item() == 12
