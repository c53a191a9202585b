package io.adjoint.core;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a class whose functions, including the functions of nested classes, keep no reference to arrays of gradients: a backward rule
 * keeps neither its upstream gradient nor arrays that it computes, except its result; an optimizer keeps no gradient. They don't call a
 * user's function either, which might keep one. So the engine may reuse these arrays ({@link Reuse}). An annotation makes this promise,
 * since users may choose any class name or package.
 *
 * @hidden
 */
@Internal
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface KeepsNoGradients {}
