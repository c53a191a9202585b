package io.adjoint.autograd;

/** An observer of the visits of a backward pass. An observed pass neither accumulates gradients nor releases the graph. */
interface PassObserver {
    /**
     * Called when a node's gradient is complete. {@code upstream} is the sum of the gradients from all uses of the node's value; {@code
     * gradient} is this sum after the node's hooks.
     */
    void arrived(Node node, Tensor upstream, Tensor gradient);

    /**
     * Called after a node's backward rule has given its gradients. An observer must read these gradients during the call: the pass may add
     * to their arrays later.
     */
    void passed(Node from, GivenGradients given);
}
