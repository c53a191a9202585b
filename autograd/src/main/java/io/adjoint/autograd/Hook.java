package io.adjoint.autograd;

/** A registered hook. */
@FunctionalInterface
public interface Hook {
    /** Removes the hook; a second call changes nothing. */
    void remove();
}
