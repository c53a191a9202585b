package io.adjoint.fit;

import io.adjoint.core.math.Logarithms;
import java.util.function.DoubleUnaryOperator;

/**
 * The function ρ by which a residual's square enters the cost {@code ½·Σ s²·ρ((r/s)²)}, s being the scale: residuals that are small against
 * s count as squares, larger ones count less. Functions and names are SciPy's, of {@code least_squares}, where s is {@code f_scale}.
 */
public enum RobustLoss {
    /** {@code ρ(z) = z}: least squares, of any scale. */
    LINEAR(z -> z, z -> 1, z -> 0),
    /** {@code ρ(z) = 2·(√(1 + z) − 1)}, computed without cancellation: a smooth approximation of the absolute value. */
    SOFT_L1(z -> 2 * z / (Math.sqrt(1 + z) + 1), z -> 1 / Math.sqrt(1 + z), z -> -0.5 / ((1 + z) * Math.sqrt(1 + z))),
    /** {@code ρ(z) = z} up to 1, and {@code 2·√z − 1} above. */
    HUBER(
            z -> z <= 1 ? z : 2 * Math.sqrt(z) - 1,
            z -> z <= 1 ? 1 : 1 / Math.sqrt(z),
            z -> z <= 1 ? 0 : -0.5 / (z * Math.sqrt(z))),
    /** {@code ρ(z) = ln(1 + z)}: far outliers hardly count, but there may be several minima. */
    CAUCHY(Logarithms::log1p, z -> 1 / (1 + z), z -> -1 / ((1 + z) * (1 + z))),
    /** {@code ρ(z) = arctan z}: the loss of a residual has a bound; there may be several minima. */
    ARCTAN(StrictMath::atan, z -> 1 / (1 + z * z), z -> -2 * z / ((1 + z * z) * (1 + z * z)));

    /** ρ, ρ′ and ρ″. */
    final DoubleUnaryOperator value;

    final DoubleUnaryOperator first;
    final DoubleUnaryOperator second;

    RobustLoss(DoubleUnaryOperator value, DoubleUnaryOperator first, DoubleUnaryOperator second) {
        this.value = value;
        this.first = first;
        this.second = second;
    }
}
