package io.adjoint.distributions;

import static io.adjoint.autograd.Edge.edge;
import static io.adjoint.autograd.LibraryOps.op;

import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.math.ImplicitDerivatives;
import io.adjoint.core.math.RejectionSampling;
import java.util.function.DoubleBinaryOperator;
import java.util.random.RandomGenerator;

/**
 * Random numbers that are drawn by rejection, so that no path leads from a parameter to them, with derivatives by the implicit function
 * theorem ({@link ImplicitDerivatives}). A second derivative is refused.
 */
final class ImplicitSamples {
    private ImplicitSamples() {}

    /** Gamma numbers of scale 1, never 0, of which densities are infinite. */
    static Tensor gamma(Tensor alpha, Shape shape, RandomGenerator generator) {
        double least = Draws.least(alpha.dtype());
        NdArray z =
                Draws.draw(alpha.data(), shape, generator, (a, g) -> Math.max(RejectionSampling.gamma(a, g), least));
        return implicit("gammaSample", alpha, z, ImplicitDerivatives::gamma);
    }

    /** The logarithms of gamma numbers of scale 1, finite also where the numbers underflow. */
    static Tensor logGamma(Tensor alpha, Shape shape, RandomGenerator generator) {
        NdArray z = Draws.draw(alpha.data(), shape, generator, RejectionSampling::logGamma);
        return implicit("logGammaSample", alpha, z, ImplicitDerivatives::logGamma);
    }

    /** Von Mises numbers around 0. */
    static Tensor vonMises(Tensor kappa, Shape shape, RandomGenerator generator) {
        NdArray z = Draws.draw(kappa.data(), shape, generator, RejectionSampling::vonMises);
        return implicit("vonMisesSample", kappa, z, ImplicitDerivatives::vonMises);
    }

    private static Tensor implicit(String name, Tensor parameter, NdArray z, DoubleBinaryOperator slope) {
        return op(name, z, edge(parameter, Autograd.firstOrder(name, g -> {
            NdArray slopes = parameter.data().zip(name, z, slope);
            return g.mul(Tensor.of(slopes));
        })));
    }
}
