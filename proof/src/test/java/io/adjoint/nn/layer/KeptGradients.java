package io.adjoint.nn.layer;

import static io.adjoint.autograd.Autograd.op;
import static io.adjoint.autograd.Edge.edge;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.NdArray;
import java.util.ArrayList;
import java.util.List;

/** A user's operation, in a package whose name begins like the library's, whose backward rule stores its upstream gradients. */
public final class KeptGradients {
    private final List<NdArray> kept = new ArrayList<>();
    private final List<NdArray> copies = new ArrayList<>();

    /** Returns x with the backward rule of this class. */
    public Tensor of(Tensor x) {
        return op("kept", x.data(), edge(x, g -> {
            kept.add(g.data());
            copies.add(g.data().copy());
            return g;
        }));
    }

    /** The arrays of all upstream gradients, with the elements that they have now. */
    public List<NdArray> now() {
        return List.copyOf(kept);
    }

    /** Copies of all upstream gradients, made when the backward rule ran. */
    public List<NdArray> then() {
        return List.copyOf(copies);
    }
}
