package demo

import io.adjoint.autograd.Autograd
import io.adjoint.autograd.Tensor
import io.adjoint.core.Generator
import io.adjoint.nn.Sequential
import io.adjoint.nn.layer.Dense
import io.adjoint.nn.layer.Tanh
import io.adjoint.nn.loss.CrossEntropy
import io.adjoint.nn.optim.Adam

fun main() {
    val x = Tensor.of(arrayOf(doubleArrayOf(0.0, 0.0), doubleArrayOf(0.0, 1.0), doubleArrayOf(1.0, 0.0), doubleArrayOf(1.0, 1.0)))
    val y = Tensor.of(intArrayOf(0, 1, 1, 0))

    val random = Generator(1)
    val model = Sequential(Dense(2, 8, random), Tanh(), Dense(8, 2, random))
    val crossEntropy = CrossEntropy()
    val optimizer = Adam(model.parameters(), 0.05)
    repeat(200) {
        optimizer.zeroGrad()
        crossEntropy.forward(model.forward(x), y).backward()
        optimizer.step()
    }

    val logits = Autograd.noGrad { model.forward(x) }
    check(!logits.requiresGrad())
    val answers = logits.argMax(1).data().toIntArray()
    check(answers.contentEquals(intArrayOf(0, 1, 1, 0))) { "Kotlin learned ${answers.toList()}" }

    // Whole numbers make the tensor that they make in Java.
    check(Tensor.of(1, 2, 3).mul(2.0).sum().item() == 12.0)

    // Operators record as the methods do.
    val w = Tensor.of(2.0, -1.0).requiresGrad(true)
    (-w * w + w * 3.0 - w / 2.0 - 1.0 + w).sum().backward()
    check(w.grad()!!.data().toDoubleArray().contentEquals(doubleArrayOf(-0.5, 5.5)))
    check(!Autograd.noGrad { w * w }.requiresGrad())

    // What a rule returns for a gradient that nobody wants may be null.
    val a = Tensor.of(2.0).requiresGrad(true)
    val b = Tensor.of(3.0)
    val product = Autograd.op("product", a.data().mul(b.data()), listOf(a, b)) { g ->
        listOf(if (Autograd.isWanted(a)) g.mul(b) else null, if (Autograd.isWanted(b)) g.mul(a) else null)
    }
    check(Autograd.grad(product.sum(), a).item() == 3.0)
}
