package io.adjoint.testkit;

import io.adjoint.core.DType;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import net.jqwik.api.ForAll;

/**
 * A {@link io.adjoint.autograd.Tensor} parameter of a property, with elements from an interval: {@link ForAll} and {@link Values} in one.
 * In a {@link GradientProperty} elements keep a little distance from the bounds, because finite differences are taken on both sides of an
 * element.
 */
@Documented
@Target({ElementType.PARAMETER, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@ForAll
public @interface Domain {
    /** The smallest element. */
    double min() default -2;

    /** The largest element. */
    double max() default 2;

    /** True if {@link #min} itself is excluded. */
    boolean minOpen() default false;

    /** True if {@link #max} itself is excluded. */
    boolean maxOpen() default false;

    /** Points from which elements keep {@link #gap} away, such as 0 for an absolute value. */
    double[] awayFrom() default {};

    /** The distance to keep. */
    double gap() default 0.05;

    /** True if no two elements are equal, for operations that compare or sort. */
    boolean distinct() default false;

    /** True if NaN, infinities, zeros of both signs and the bounds are mixed in; not in a {@link GradientProperty}. */
    boolean specials() default false;

    /** The type of the elements; a {@link GradientProperty} differentiates FLOAT64, and leaves INT32 and BOOL as they are. */
    DType dtype() default DType.FLOAT64;

    /** The largest number of axes, of a tensor that is not drawn together with others. */
    int maxRank() default 3;

    /** The smallest size of an axis, of a tensor that is not drawn together with others. */
    int minDim() default 1;

    /** The largest size of an axis, of a tensor that is not drawn together with others. */
    int maxDim() default 3;
}
