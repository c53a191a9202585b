package io.adjoint.autograd;

/** A registered hook. */
@FunctionalInterface
public interface Hook {
    /** Takes the hook off; doing so again changes nothing. */
    void remove();
}
