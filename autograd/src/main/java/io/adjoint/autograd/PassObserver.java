package io.adjoint.autograd;

/** Whoever watches a backward pass, from within it. A pass that is watched neither accumulates gradients nor releases the graph. */
interface PassObserver {
    /** All parts of a node's gradient are added up; hooks may have made {@code gradient} of what was {@code upstream}. */
    void arrived(Node node, Tensor upstream, Tensor gradient);

    /**
     * A backward rule has returned the gradient of an input. Only during this call are the elements what they are: the pass may add
     * to the array later.
     *
     * @param input the index of the input among those that are no constants
     * @param part what the rule returned
     * @param fitted the same, summed over what broadcasting had repeated
     */
    void passed(Node from, int input, Tensor part, Tensor fitted);
}
