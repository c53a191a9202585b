package io.adjoint.core;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A type that is public only because the library's own modules share it. Its arguments are not checked, its arrays are not copied, and
 * it may change in any release. Its Javadoc says {@code @hidden}, so that the pages for users leave it out.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Internal {}
