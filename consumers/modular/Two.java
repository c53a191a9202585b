import module io.adjoint.autograd;

void main() {
    Tensor x = Tensor.of(1, 2).requiresGrad(true);
    x.square().sum().backward();
    IO.println(x.grad());
}
