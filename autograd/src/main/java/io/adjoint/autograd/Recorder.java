package io.adjoint.autograd;

import java.util.function.Supplier;

/** What a thread knows about recording: whether operations are recorded, and which node's rule it is running. */
final class Recorder {
    private static final ThreadLocal<Recorder> CURRENT = ThreadLocal.withInitial(Recorder::new);

    private boolean recording = true;
    /** The number of the node whose rule runs; values changed after it are not those that the node was computed from. */
    private long ruleOf = Long.MAX_VALUE;

    private String ruleName = "";

    static Recorder current() {
        return CURRENT.get();
    }

    boolean recording() {
        return recording;
    }

    <T> T recording(boolean on, Supplier<T> body) {
        boolean before = recording;
        recording = on;
        try {
            return body.get();
        } finally {
            recording = before;
        }
    }

    /** Runs a rule of the given node. */
    Tensor applying(Node node, Node.Link link, Tensor gradient) {
        long before = ruleOf;
        String nameBefore = ruleName;
        ruleOf = node.created;
        ruleName = node.op;
        try {
            return link.rule().apply(gradient);
        } finally {
            ruleOf = before;
            ruleName = nameBefore;
        }
    }

    /** Refuses a value that was changed in place after the running rule's node was recorded. */
    void checkUnchanged(Tensor tensor, long modified) {
        if (modified > ruleOf) {
            throw new GraphException("backward: a value of shape " + tensor.shape() + " that '" + ruleName
                    + "' saved was changed in place after it (by assign or an optimizer's step);"
                    + " call backward before changing parameters, or compute the forward pass again");
        }
    }
}
