package io.adjoint.fit;

import io.adjoint.core.math.Logarithms;

/**
 * The function ρ by which a residual's square enters the cost {@code ½·Σ s²·ρ((r/s)²)}, s being the scale: residuals that are small against
 * s count as squares, larger ones count less. Functions and names are SciPy's, of {@code least_squares}, where s is {@code f_scale}.
 */
public enum RobustLoss {
    /** {@code ρ(z) = z}: least squares, of any scale. */
    LINEAR {
        @Override
        double value(double z) {
            return z;
        }

        @Override
        double first(double z) {
            return 1;
        }

        @Override
        double second(double z) {
            return 0;
        }
    },
    /** {@code ρ(z) = 2·(√(1 + z) − 1)}: a smooth approximation of the absolute value. */
    SOFT_L1 {
        @Override
        double value(double z) {
            // The difference without cancellation.
            return 2 * z / (Math.sqrt(1 + z) + 1);
        }

        @Override
        double first(double z) {
            return 1 / Math.sqrt(1 + z);
        }

        @Override
        double second(double z) {
            return -0.5 / ((1 + z) * Math.sqrt(1 + z));
        }
    },
    /** {@code ρ(z) = z} up to 1, and {@code 2·√z − 1} above. */
    HUBER {
        @Override
        double value(double z) {
            return z <= 1 ? z : 2 * Math.sqrt(z) - 1;
        }

        @Override
        double first(double z) {
            return z <= 1 ? 1 : 1 / Math.sqrt(z);
        }

        @Override
        double second(double z) {
            return z <= 1 ? 0 : -0.5 / (z * Math.sqrt(z));
        }
    },
    /** {@code ρ(z) = ln(1 + z)}: far outliers hardly count, but there may be several minima. */
    CAUCHY {
        @Override
        double value(double z) {
            return Logarithms.log1p(z);
        }

        @Override
        double first(double z) {
            return 1 / (1 + z);
        }

        @Override
        double second(double z) {
            return -1 / ((1 + z) * (1 + z));
        }
    },
    /** {@code ρ(z) = arctan z}: the loss of a residual has a bound; there may be several minima. */
    ARCTAN {
        @Override
        double value(double z) {
            return StrictMath.atan(z);
        }

        @Override
        double first(double z) {
            return 1 / (1 + z * z);
        }

        @Override
        double second(double z) {
            return -2 * z / ((1 + z * z) * (1 + z * z));
        }
    };

    /** ρ(z). */
    abstract double value(double z);

    /** ρ′(z). */
    abstract double first(double z);

    /** ρ″(z). */
    abstract double second(double z);
}
