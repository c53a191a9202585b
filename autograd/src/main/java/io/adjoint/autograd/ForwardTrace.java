package io.adjoint.autograd;

import io.adjoint.core.Shape;

/**
 * The position in the user's code where an operation was recorded: no failure itself, but attached as a suppressed exception to one
 * that {@link Debug#traced} explains. Its stack trace is that of the call.
 */
public final class ForwardTrace extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ForwardTrace(String op, Shape shape, Debug.Trace trace) {
        super("'" + op + "' of shape " + shape + (trace.layer().isEmpty() ? "" : " in layer " + trace.layer())
                + " was computed here");
        setStackTrace(trace.calls().toArray(new StackTraceElement[0]));
    }
}
