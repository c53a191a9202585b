package io.adjoint.core;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The promise of a class that functions written in it, or in classes within it, keep no array that they are given: a backward rule
 * neither its upstream gradient nor the arrays that it computes, beyond its result, an optimizer no gradient. Nor do they call a user's
 * function, which might. So the engine may write to these arrays again ({@link Reuse}). The promise stands in the class, since a name or a
 * package is anybody's.
 *
 * @hidden
 */
@Internal
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface KeepsNoGradients {}
