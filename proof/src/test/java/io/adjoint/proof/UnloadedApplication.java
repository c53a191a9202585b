package io.adjoint.proof;

import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Debug;
import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.Workspace;
import io.adjoint.autograd.transforms.Transforms;
import io.adjoint.core.DType;
import io.adjoint.core.Generator;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import io.adjoint.nn.Init;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Sequential;
import io.adjoint.nn.layer.Conv2d;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.layer.Dropout;
import io.adjoint.nn.layer.Flatten;
import io.adjoint.nn.layer.GELU;
import io.adjoint.nn.optim.Adam;
import java.util.List;

/**
 * An application that {@link UnloadingTest} loads by a class loader of its own: it trains in steps that are large enough for several
 * threads, and calls a layer wrongly.
 */
public final class UnloadedApplication implements Runnable {
    @Override
    public void run() {
        for (DType dtype : List.of(DType.FLOAT64, DType.FLOAT32)) {
            Generator generator = new Generator(1);
            Init init = new Init(generator).dtype(dtype);
            Layer model = new Sequential(
                    new Conv2d(3, 8, 3, init),
                    new GELU(),
                    new Flatten(),
                    new Dropout(0.1, generator),
                    new Dense(8 * 14 * 14, 10, init));
            Adam optimizer = new Adam(model.parameters(), 0.01);
            Tensor x = Tensor.normal(dtype, Shape.of(16, 3, 16, 16), 0, 1, generator);
            Workspace workspace = new Workspace();
            for (int step = 0; step < 3; step++) {
                workspace.run(() -> {
                    optimizer.zeroGrad();
                    Transforms.checkpoint(y -> y.softmax(1), model.forward(x))
                            .square()
                            .mean()
                            .backward();
                    optimizer.step();
                });
            }
            Tensor output = Autograd.noGrad(() -> Debug.traced(() -> model.forward(x)));
            try {
                throw new AssertionError("a vector is no image: " + model.forward(output.flatten()));
            } catch (ShapeException expected) {
                // The path of the layer is in its message, for which the thread remembers the exception.
            }
        }
    }
}
