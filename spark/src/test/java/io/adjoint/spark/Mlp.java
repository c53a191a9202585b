package io.adjoint.spark;

import io.adjoint.core.Generator;
import io.adjoint.core.Shape;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Sequential;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.layer.Dropout;
import io.adjoint.nn.layer.ReLU;

/** A small model with dropout, whose factory can be saved. */
public final class Mlp implements ModelFactory {
    /** Spark calls this constructor when it loads a model. */
    public Mlp() {}

    @Override
    public Layer of(Shape inputs, int outputs, Generator rng) {
        return of(inputs, outputs, 0.1, rng);
    }

    static Layer of(Shape inputs, int outputs, double dropout, Generator rng) {
        return new Sequential(
                new Dense(inputs.dim(0), 16, rng), new ReLU(), new Dropout(dropout, rng), new Dense(16, outputs, rng));
    }
}
