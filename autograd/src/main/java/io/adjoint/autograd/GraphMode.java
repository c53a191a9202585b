package io.adjoint.autograd;

/** What a backward pass leaves of the graph that it walks. */
public enum GraphMode {
    /** Nothing: each node is released, with the values saved for it, as soon as its gradient has passed. The default. */
    FREE,
    /** Everything, for another pass over it. */
    KEEP,
    /** Everything, and the pass is recorded itself, so that its gradients can be differentiated again. */
    CREATE
}
