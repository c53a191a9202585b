package io.adjoint.autograd;

/** An observer of a backward pass, from within it. A pass that is watched neither accumulates gradients nor releases the graph. */
interface PassObserver {
    /** All parts of a node's gradient are added up; hooks may have made {@code gradient} of what was {@code upstream}. */
    void arrived(Node node, Tensor upstream, Tensor gradient);

    /** A node's backward rule has given its parts, to be read during the call: the pass may add to their arrays later. */
    void passed(Node from, Parts parts);
}
