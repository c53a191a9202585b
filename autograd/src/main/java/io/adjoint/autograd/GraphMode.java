package io.adjoint.autograd;

/** The treatment of the graph by a backward pass: released, kept, or kept and extended. */
public enum GraphMode {
    /** Releases the graph, the default: each node is released, with the values saved for it, as soon as its gradient has passed. */
    FREE,
    /** Keeps the whole graph, for another pass over it. */
    KEEP,
    /** Keeps the whole graph, and records the pass itself, so that its gradients can be differentiated again. */
    CREATE
}
