package io.adjoint.testkit;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.nn.optim.Optimizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** An optimizer and its parameters, whose gradients are drawn at random. */
record Descent(List<Tensor> parameters, Optimizer optimizer) {
    /**
     * The shape of a parameter that the loops of optimizers split into three blocks, so that another thread may process the middle block.
     */
    static final Shape LARGE = Shape.of(2 * Limits.MORE_THAN_A_BLOCK + 1);

    static Descent of(OptimizerSpec spec, List<NdArray> values) {
        List<Tensor> parameters = values.stream()
                .map(array -> Tensor.of(array.copy()).requiresGrad(true))
                .toList();
        return new Descent(parameters, spec.factory().apply(parameters));
    }

    /**
     * Makes an optimizer step, with gradients that depend only on the seed and the parameter's index or, if the optimizer needs a
     * closure, with the gradients of {@link #loss}.
     */
    void step(long seed) {
        if (optimizer.needsClosure()) {
            optimizer.step(this::loss);
            return;
        }
        for (int k = 0; k < parameters.size(); k++) {
            Tensor parameter = parameters.get(k);
            if (parameter.requiresGrad()) {
                parameter.setGrad(Tensor.of(gradient(parameter.shape(), seed, k).to(parameter.dtype())));
            }
        }
        optimizer.step();
    }

    /** Computes a smooth function of all parameters, and its gradients. */
    private Tensor loss() {
        optimizer.zeroGrad();
        Tensor sum = parameters.stream()
                .map(p -> p.square().square().sum().add(p.exp().sum()))
                .reduce(Tensor::add)
                .orElseThrow();
        sum.backward();
        return sum;
    }

    List<NdArray> values() {
        return parameters.stream().map(p -> p.data().copy()).toList();
    }

    /** A gradient of random numbers from −2 to 2 that FLOAT32 represents exactly; one in six is 0. */
    static NdArray gradient(Shape shape, long seed, int parameter) {
        Random random = new Random(31 * seed + parameter);
        return Reference.build(shape, index -> random.nextInt(6) == 0 ? 0 : (float) (4 * random.nextDouble() - 2));
    }

    static List<NdArray> values(OptimizerSpec spec, long seed, DType dtype, Shape... more) {
        Random random = new Random(seed);
        List<Shape> shapes = new ArrayList<>(spec.shapes());
        shapes.addAll(List.of(more));
        return shapes.stream()
                .map(shape -> Reference.build(shape, index -> (float) (4 * random.nextDouble() - 2))
                        .to(dtype))
                .toList();
    }
}
