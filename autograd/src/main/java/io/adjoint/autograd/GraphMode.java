package io.adjoint.autograd;

/** The parts of the graph that a backward pass leaves. */
public enum GraphMode {
    /** Nothing: each node is released, with the values saved for it, as soon as its gradient has passed. The default. */
    FREE,
    /** Everything, for another pass over it. */
    KEEP,
    /** Everything, and the pass is recorded itself, so that its gradients can be differentiated again. */
    CREATE
}
