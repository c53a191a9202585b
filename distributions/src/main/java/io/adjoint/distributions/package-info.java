/**
 * Probability distributions with every derivative: densities, distribution functions, moments, random samples that can be differentiated,
 * and Kullback–Leibler divergences.
 *
 * <p>A {@link io.adjoint.distributions.Distribution} has a batch of distributions, one for each element of its parameters, which broadcast;
 * parameters that require a gradient get it from everything that is computed. Names and formulas are PyTorch's.
 *
 * <pre>{@code
 * Tensor loc = Tensor.of(0, 1).requiresGrad(true);
 * Normal normal = new Normal(loc, Tensor.of(1, 2));
 * normal.logProb(Tensor.of(0.5, 0.5)).sum().backward();     // loc.grad(): [0.5, -0.125]
 * Tensor z = normal.rsample(new Generator(1), 1000);        // [1000, 2]
 * }</pre>
 *
 * <p>Go on with {@code docs/distributions.md}.
 */
@CheckReturnValue
@NullMarked
package io.adjoint.distributions;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
