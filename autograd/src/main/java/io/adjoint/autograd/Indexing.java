package io.adjoint.autograd;

import static io.adjoint.autograd.Autograd.op;
import static io.adjoint.autograd.Edge.edge;

import io.adjoint.core.Shape;

/** Elements picked by an INT32 tensor; where an index repeats, gradients add up. */
final class Indexing {
    private Indexing() {}

    static Tensor gather(Tensor x, int axis, Tensor index) {
        Shape from = x.shape();
        return op("gather", x.data().gather(axis, index.data()), edge(x, g -> scatterAdd(g, from, axis, index)));
    }

    private static Tensor scatterAdd(Tensor x, Shape target, int axis, Tensor index) {
        return op("scatterAdd", x.data().scatterAdd(target, axis, index.data()), edge(x, g -> g.gather(axis, index)));
    }
}
