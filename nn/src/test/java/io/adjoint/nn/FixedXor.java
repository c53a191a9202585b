package io.adjoint.nn;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.layer.Sigmoid;
import io.adjoint.nn.loss.Loss;
import io.adjoint.nn.loss.MSE;
import io.adjoint.nn.optim.Optimizer;
import io.adjoint.nn.optim.SGD;
import java.util.List;
import java.util.Random;

/** The smallest training: a 2-2-1 network of sigmoids that learns exclusive or, from fixed weights. */
final class FixedXor {
    private final Tensor x;
    private final Tensor y;
    private final Layer net;
    private final Loss mse = new MSE();
    private final Optimizer optimizer;

    FixedXor(DType dtype) {
        x = Tensor.of(0, 0, 0, 1, 1, 0, 1, 1).reshape(4, 2).to(dtype);
        y = Tensor.of(0, 1, 1, 0).reshape(4, 1).to(dtype);
        Init init = new Init(new Random(0)).dtype(dtype);
        net = new Sequential(new Dense(2, 2, init), new Sigmoid(), new Dense(2, 1, init), new Sigmoid());
        List<Tensor> parameters = net.parameters();
        set(parameters.get(0), 0.5, -0.4, 0.3, 0.8);
        set(parameters.get(1), 0.1, -0.2);
        set(parameters.get(2), 0.7, -0.6);
        set(parameters.get(3), 0.05);
        optimizer = new SGD(parameters, 0.5);
    }

    private static void set(Tensor parameter, double... values) {
        parameter.assign(NdArray.of(parameter.shape(), values).to(parameter.dtype()));
    }

    void train(int steps) {
        for (int step = 0; step < steps; step++) {
            optimizer.zeroGrad();
            loss().backward();
            optimizer.step();
        }
    }

    Tensor answers() {
        return net.forward(x);
    }

    Tensor loss() {
        return mse.forward(answers(), y);
    }

    /** Trains as many steps as the argument says and prints the loss. */
    public static void main(String[] args) {
        FixedXor xor = new FixedXor(DType.FLOAT64);
        xor.train(Integer.parseInt(args[0]));
        System.out.println(xor.loss().item());
    }
}
