package io.adjoint.autograd;

import io.adjoint.core.Shape;

/**
 * The position in the user's code where an operation was recorded. {@link Debug#traced} attaches it, as a suppressed exception, to an
 * exception in the operation's backward rule. Its stack trace is the stack of the call that recorded the operation.
 */
public final class ForwardTrace extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ForwardTrace(String op, Shape shape, Debug.Trace trace) {
        super("'" + op + "' of shape " + shape + (trace.layer().isEmpty() ? "" : " in layer " + trace.layer())
                + " was computed here");
        setStackTrace(trace.calls().toArray(new StackTraceElement[0]));
    }
}
