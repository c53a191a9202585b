package io.adjoint.core;

import org.jspecify.annotations.Nullable;

/**
 * Loops that take the place of this module's, found by {@link java.util.ServiceLoader}. They give the same bits.
 *
 * @hidden
 */
@Internal
public interface KernelProvider {
    /** The name by which the property chooses them. */
    String name();

    /** The reason why they cannot run in this JVM, with the way out; null if they can. */
    @Nullable
    String obstacle();

    /** A few words on what runs. Called only if there is no obstacle, as is all that follows. */
    String describe();

    /** The matrix product of a floating type; plain is the one to leave to it what it does best. */
    ProductLoops products(DType dtype, ProductLoops plain);
}
