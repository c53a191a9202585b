package io.adjoint.spark;

import io.adjoint.core.Generator;
import io.adjoint.core.Shape;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Sequential;
import io.adjoint.nn.layer.Conv2d;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.layer.GlobalAvgPool;
import io.adjoint.nn.layer.ReLU;

/** A small model of images of any size, whose factory can be saved. */
public final class Cnn implements ModelFactory {
    /** Spark calls this constructor when it loads a model. */
    public Cnn() {}

    @Override
    public Layer of(Shape inputs, int outputs, Generator rng) {
        return new Sequential(
                new Conv2d(inputs.dim(0), 8, 3, rng), new ReLU(), new GlobalAvgPool(), new Dense(8, outputs, rng));
    }
}
