package io.adjoint.testkit;

import io.adjoint.nn.layer.Dense;

/** A layer with all its properties, as a user would test it. */
class DenseProperties implements LayerProperties {
    @Override
    public LayerSpec layer() {
        return LayerSpec.of("dense", init -> new Dense(2, 3, init))
                .shapes("(...,2)->(...,3)")
                .order(2);
    }
}
