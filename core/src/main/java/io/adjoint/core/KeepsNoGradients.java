package io.adjoint.core;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a class whose functions, including the functions of nested classes, keep no reference to arrays of gradients: a backward rule keeps
 * neither its upstream gradient nor arrays that it computes, except its result; an optimizer keeps no gradient. Functions of the class
 * don't call functions of users either, since these might keep a gradient. So the engine may reuse the arrays of gradients ({@link Reuse}).
 * The engine looks for this annotation, not for the name of a class or package, since users may choose any name and package for their
 * classes.
 *
 * @hidden
 */
@Internal
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface KeepsNoGradients {}
