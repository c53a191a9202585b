package io.adjoint.nn.train;

/** The mistakes that a {@link Doctor} knows, each with the way out. */
public enum Mistake {
    /** Steps use gradients that were added to the gradients of the step before. */
    GRADIENTS_NOT_ZEROED("call optimizer.zeroGrad() before each backward pass that a step follows"),
    /** Computations of earlier steps are still reachable, and grow in number. */
    GRAPH_KEPT(
            "detach() what is carried from step to step, keep loss.item() instead of the loss, and evaluate in noGrad(...)"),
    /** A parameter never got a gradient. */
    NO_GRADIENT("use the parameter in forward, or freeze it; a detach() or an argMax on the way cuts it off"),
    /** A parameter has gradients, but no step ever changed it. */
    NOT_UPDATED("give the optimizer all of model.parameters(), also those of blocks that were added later"),
    /** A block that is not registered in the model runs within it, or a leaf in a field of a block isn't registered. */
    NOT_REGISTERED("register it where it is created: a block by child(\"name\", block), several by child(\"name\", new"
            + " BlockList<>(…)), a leaf by parameter(\"name\", leaf), several by parameters(\"name\", leaves)"),
    /** Many units of a ReLU give 0 for every sample. */
    DEAD_UNITS("lower the learning rate, or take LeakyReLU or GELU; look at the scale of the inputs"),
    /** A gradient is not finite, or much larger than its weights. */
    EXPLODING_GRADIENT(
            "lower the learning rate, clip the norm of the gradients, or bring inputs and targets to a scale of about 1"),
    /** A gradient is tiny compared with the gradients of other layers. */
    VANISHING_GRADIENT("use ReLU or GELU, normalization, residual connections, or a larger initial scale"),
    /** A sigmoid or softmax is applied to the output of another sigmoid or softmax, or before a loss that contains it. */
    APPLIED_TWICE("give BCEWithLogits and CrossEntropy the logits, and NLL the logSoftmax"),
    /** An operation, such as the loss, broadcasts the model's output to a larger shape. */
    BROADCAST_TARGET("give the target the shape of the prediction, such as [N, 1], by reshape or unsqueeze"),
    /** A step changes weights by a large fraction of their norm. */
    RATE_TOO_HIGH("lower the learning rate by a factor of 10"),
    /** A step hardly changes any weight. */
    RATE_TOO_LOW("raise the learning rate by a factor of 10 or more"),
    /** The model is evaluated in training mode. */
    EVAL_FORGOTTEN("call model.eval() before evaluating, and model.train() afterwards"),
    /** The model is trained in evaluation mode. */
    TRAIN_FORGOTTEN("call model.train() when the evaluation is over");

    private final String advice;

    Mistake(String advice) {
        this.advice = advice;
    }

    /** The way out. */
    public String advice() {
        return advice;
    }
}
