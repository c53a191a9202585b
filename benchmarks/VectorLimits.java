import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Measures how many additions and multiplications of floats one thread does in a second in a tile of a matrix product, as separate or as
 * fused operations. A program of one file, for processors whose vectors have 512 bits, so that a tile's sixteen sums stay in registers:
 *
 * <pre>
 * java --add-modules jdk.incubator.vector benchmarks/VectorLimits.java
 * java --add-modules jdk.incubator.vector -Dfused=true benchmarks/VectorLimits.java
 * </pre>
 */
public final class VectorLimits {
    /** A constant, so that C2 compiles only one of the two variants. */
    private static final boolean FUSED = Boolean.getBoolean("fused");

    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_512;
    private static final int LANES = 16;
    private static final int ROWS = 4;
    private static final int COLUMNS = 4 * LANES;
    private static final int TERMS = 64;
    private static final int OPERATIONS = 2 * TERMS * ROWS * COLUMNS;

    private final float[] a = new float[TERMS * ROWS];
    private final float[] b = new float[TERMS * COLUMNS];
    private final float[] sums = new float[ROWS * COLUMNS];

    public static void main(String[] arguments) {
        if (FloatVector.SPECIES_PREFERRED.length() < LANES) {
            System.err.println("The processor has no vectors of 512 bits.");
            System.exit(1);
        }
        VectorLimits limits = new VectorLimits();
        // The best of 100 windows of 20 ms, the first of which compile the method.
        double best = 0;
        for (int window = 0; window < 100; window++) {
            long calls = 0;
            long start = System.nanoTime();
            while (System.nanoTime() - start < 20_000_000) {
                for (int k = 0; k < 100; k++) {
                    limits.tile();
                }
                calls += 100;
            }
            best = Math.max(best, (double) calls * OPERATIONS / (System.nanoTime() - start));
        }
        System.out.printf("%s %.0f GFLOP/s%n", FUSED ? "fused" : "apart", best);
    }

    /** Computes a tile of four rows by four vectors; for each term it loads the vectors and multiplies them by an element of each row. */
    private void tile() {
        FloatVector s00 = FloatVector.zero(SPECIES);
        FloatVector s01 = FloatVector.zero(SPECIES);
        FloatVector s02 = FloatVector.zero(SPECIES);
        FloatVector s03 = FloatVector.zero(SPECIES);
        FloatVector s10 = FloatVector.zero(SPECIES);
        FloatVector s11 = FloatVector.zero(SPECIES);
        FloatVector s12 = FloatVector.zero(SPECIES);
        FloatVector s13 = FloatVector.zero(SPECIES);
        FloatVector s20 = FloatVector.zero(SPECIES);
        FloatVector s21 = FloatVector.zero(SPECIES);
        FloatVector s22 = FloatVector.zero(SPECIES);
        FloatVector s23 = FloatVector.zero(SPECIES);
        FloatVector s30 = FloatVector.zero(SPECIES);
        FloatVector s31 = FloatVector.zero(SPECIES);
        FloatVector s32 = FloatVector.zero(SPECIES);
        FloatVector s33 = FloatVector.zero(SPECIES);
        for (int k = 0; k < TERMS; k++) {
            FloatVector b0 = FloatVector.fromArray(SPECIES, b, k * COLUMNS);
            FloatVector b1 = FloatVector.fromArray(SPECIES, b, k * COLUMNS + 1 * LANES);
            FloatVector b2 = FloatVector.fromArray(SPECIES, b, k * COLUMNS + 2 * LANES);
            FloatVector b3 = FloatVector.fromArray(SPECIES, b, k * COLUMNS + 3 * LANES);
            FloatVector a0 = FloatVector.broadcast(SPECIES, a[k * ROWS]);
            s00 = plus(s00, a0, b0);
            s01 = plus(s01, a0, b1);
            s02 = plus(s02, a0, b2);
            s03 = plus(s03, a0, b3);
            FloatVector a1 = FloatVector.broadcast(SPECIES, a[k * ROWS + 1]);
            s10 = plus(s10, a1, b0);
            s11 = plus(s11, a1, b1);
            s12 = plus(s12, a1, b2);
            s13 = plus(s13, a1, b3);
            FloatVector a2 = FloatVector.broadcast(SPECIES, a[k * ROWS + 2]);
            s20 = plus(s20, a2, b0);
            s21 = plus(s21, a2, b1);
            s22 = plus(s22, a2, b2);
            s23 = plus(s23, a2, b3);
            FloatVector a3 = FloatVector.broadcast(SPECIES, a[k * ROWS + 3]);
            s30 = plus(s30, a3, b0);
            s31 = plus(s31, a3, b1);
            s32 = plus(s32, a3, b2);
            s33 = plus(s33, a3, b3);
        }
        s00.intoArray(sums, 0);
        s01.intoArray(sums, 1 * LANES);
        s02.intoArray(sums, 2 * LANES);
        s03.intoArray(sums, 3 * LANES);
        s10.intoArray(sums, 4 * LANES);
        s11.intoArray(sums, 5 * LANES);
        s12.intoArray(sums, 6 * LANES);
        s13.intoArray(sums, 7 * LANES);
        s20.intoArray(sums, 8 * LANES);
        s21.intoArray(sums, 9 * LANES);
        s22.intoArray(sums, 10 * LANES);
        s23.intoArray(sums, 11 * LANES);
        s30.intoArray(sums, 12 * LANES);
        s31.intoArray(sums, 13 * LANES);
        s32.intoArray(sums, 14 * LANES);
        s33.intoArray(sums, 15 * LANES);
    }

    private static FloatVector plus(FloatVector sum, FloatVector a, FloatVector b) {
        return FUSED ? a.fma(b, sum) : a.mul(b).add(sum);
    }
}
