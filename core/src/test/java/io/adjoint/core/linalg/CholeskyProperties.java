package io.adjoint.core.linalg;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class CholeskyProperties {
    @Property
    void eachElementSubtractsItsTermsInTheOrderOfTheColumns(
            @ForAll @IntRange(min = 1, max = 30) int n, @ForAll @IntRange(max = 2) int damping, @ForAll long seed) {
        double[] matrix = new double[n * n];
        Random random = new Random(seed);
        double diagonal = random.nextInt(3) * n / 2.0;
        Arrays.setAll(matrix, k -> random.nextGaussian() + (k % (n + 1) == 0 ? diagonal : 0));
        Cholesky cholesky = new Cholesky(n, matrix, damping);

        double[][] upper = new double[n][n];
        int definite = 0;
        while (definite < n) {
            for (int j = definite; j < n; j++) {
                double sum = matrix[definite * n + j] + (j == definite ? damping : 0);
                for (int k = 0; k < definite; k++) {
                    sum -= upper[k][definite] * upper[k][j];
                }
                upper[definite][j] = sum;
            }
            double pivot = upper[definite][definite];
            if (!(pivot > 0)) {
                break;
            }
            double root = Math.sqrt(pivot);
            upper[definite][definite] = root;
            for (int j = definite + 1; j < n; j++) {
                upper[definite][j] *= 1 / root;
            }
            definite++;
        }
        assertThat(cholesky.definite()).isEqualTo(definite);
        if (definite == n) {
            double[] lower = cholesky.lower();
            for (int i = 0; i < n; i++) {
                for (int j = 0; j <= i; j++) {
                    assertThat(lower[i * n + j]).isEqualTo(upper[j][i]);
                }
            }
        }
    }
}
