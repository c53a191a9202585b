package io.adjoint.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AddLifecycleHook;

/**
 * Makes the annotated method, which computes an operation, a complete test of this operation.
 *
 * <pre>{@code
 * @GradientProperty(order = 2)
 * Tensor softplus(@Domain(min = -30, max = 30) Tensor x) {
 *     return MyOps.softplus(x);
 * }
 * }</pre>
 *
 * <p>jqwik draws the parameters and calls the method. On each try the method's result passes all checks of {@link OperationCheck} that need
 * no reference: gradients of all orders against differences, views against contiguous copies, inputs and the upstream gradient unchanged,
 * the same bits a second time, and so on. jqwik's {@code jqwik.tries.default} sets the number of tries, 1,000 by default. After them follow
 * empty inputs, inputs of thousands of elements, and another thread. jqwik shrinks a failing case; the report has its shapes, both numbers,
 * the seed, and Java code that creates the inputs again.
 *
 * <p>The shapes of several tensors broadcast with each other, unless {@link #shapes} says otherwise. Parameters of other types are
 * jqwik's own, with {@code @ForAll}. To say more about the property, such as the number of tries or a seed, put
 * {@link Property} on the method as well: {@code @Property(seed = "42")}.
 */
@Documented
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Property
@AddLifecycleHook(GradientHook.class)
public @interface GradientProperty {
    /** The highest order of gradients to check. */
    int order() default 1;

    /**
     * The shapes of the tensors, as in {@link Shapes#fitting(String)}: {@code "(n?,k),(k,m?)"}. Empty for any that broadcast with
     * each other, {@code "(...),(...)"}.
     */
    String shapes() default "";

    /** The smallest size of an axis; 0 adds empty tensors to all checks, more than 1 leaves them out of {@link OperationCheck#EMPTY}. */
    int minDim() default 1;

    /** The largest size of an axis; by default 3, in a few cases so large that a tensor has more than 64 elements, and once thousands. */
    int maxDim() default -1;

    /** The largest number of axes that {@code ...} stands for; by default 3, and in a few cases 4. */
    int maxRank() default -1;

    /** The layouts of the inputs; all if empty. */
    Layout[] layouts() default {};

    /** The relative tolerance of gradients, see {@link io.adjoint.autograd.GradCheck#rtol}. */
    double rtol() default 1e-7;

    /** The absolute tolerance of gradients, see {@link io.adjoint.autograd.GradCheck#atol}. */
    double atol() default 1e-9;

    /** The tolerance of FLOAT32 against FLOAT64, relative to the largest value or to 1. */
    double floatRtol() default 1e-5;

    /**
     * A method of the class with the same parameters whose derivatives the backward rules are meant to give, where these differ from
     * the operation's on purpose: see {@link io.adjoint.autograd.GradCheck#surrogate}. Empty if they don't.
     */
    String surrogate() default "";

    /** Checks to leave out, for operations that are different on purpose. */
    OperationCheck[] except() default {};
}
