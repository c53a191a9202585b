package io.adjoint.core;

import static java.util.Objects.requireNonNull;

import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/**
 * The loops that compute with arrays. There are three, of which the JVM uses one, chosen when it computes for the first time:
 *
 * <ul>
 *   <li>{@code simd}: those of the module {@code adjoint-simd}, by the JDK's Vector API. They are used if that module is on the
 *       class path and the JVM was started with {@code --add-modules jdk.incubator.vector};
 *   <li>{@code default}: those of this module, otherwise. They give the same bits;
 *   <li>{@code ejml}: EJML's own multiplication for all products, as an independent reference. It adds in another order, so that
 *       the last bits differ, and copies its operands.
 * </ul>
 *
 * <p>The system property {@value #PROPERTY} picks one of them by its name.
 */
public final class Kernels {
    /** The name of the system property that chooses: {@value}. */
    public static final String PROPERTY = "adjoint.kernels";

    /** The loops in use; null if the property asks for some that can't be used, so that every use of loops is refused. */
    private static final @Nullable Kernels PRESENT;

    private static final @Nullable IllegalStateException REFUSAL;

    // Constants, which the JIT folds; it would read a field of PRESENT at each call.
    private static final @Nullable Loops<double[]> FLOAT64;
    private static final @Nullable Loops<float[]> FLOAT32;

    static {
        Kernels present = null;
        IllegalStateException refusal = null;
        try {
            present = choose(
                    System.getProperty(PROPERTY),
                    ServiceLoader.load(KernelProvider.class, Kernels.class.getClassLoader())
                            .findFirst()
                            .orElse(null));
            System.getLogger(Kernels.class.getName()).log(present.level, present.description);
        } catch (IllegalStateException e) {
            refusal = e;
        }
        PRESENT = present;
        REFUSAL = refusal;
        FLOAT64 = present == null ? null : present.float64;
        FLOAT32 = present == null ? null : present.float32;
    }

    final Loops<double[]> float64;
    final Loops<float[]> float32;
    private final String description;
    private final System.Logger.Level level;

    private Kernels(Loops<double[]> float64, Loops<float[]> float32, System.Logger.Level level, String description) {
        this.float64 = float64;
        this.float32 = float32;
        this.level = level;
        this.description = description;
    }

    /**
     * The name of the loops in use, the reason, and, of {@code simd}, the vectors' length: one line for a bug report.
     *
     * <pre>{@code
     * System.out.println(Kernels.describe());
     * // simd: vectors of 512 bits
     * // default: adjoint-simd needs the JVM's option --add-modules jdk.incubator.vector
     * // default: no adjoint-simd on the class path
     * }</pre>
     *
     * @throws IllegalStateException if the property asks for loops that can't be used; every operation with numbers of a floating
     *     type is refused by the same message then
     */
    public static String describe() {
        return usable(PRESENT).description;
    }

    static Loops<double[]> float64() {
        return usable(FLOAT64);
    }

    static Loops<float[]> float32() {
        return usable(FLOAT32);
    }

    private static <T> T usable(@Nullable T present) {
        if (present == null) {
            throw new IllegalStateException(requireNonNull(REFUSAL).getMessage(), REFUSAL);
        }
        return present;
    }

    /** The loops that a property's value, null if it is not set, chooses; simd is null if that module isn't there. */
    static Kernels choose(@Nullable String wanted, @Nullable KernelProvider simd) {
        String choice = "-D" + PROPERTY + "=" + wanted;
        if ("ejml".equals(wanted)) {
            return ejml("ejml: chosen by " + choice);
        }
        if ("default".equals(wanted)) {
            return plain(System.Logger.Level.DEBUG, "chosen by " + choice);
        }
        String obstacle = simd == null ? "no adjoint-simd on the class path" : simd.obstacle();
        if (wanted != null && !wanted.equals("simd")) {
            throw new IllegalStateException(choice + ": expected one of default, ejml, simd"
                    + (obstacle == null ? "" : "; simd can't be used here: " + obstacle));
        }
        if (simd != null && obstacle == null) {
            return new Kernels(
                    simd.float64(Loops.FLOAT64),
                    simd.float32(Loops.FLOAT32),
                    System.Logger.Level.INFO,
                    "simd: " + simd.describe());
        }
        if (wanted != null) {
            throw new IllegalStateException(choice + ": " + obstacle);
        }
        // One half of what vectors take is there: the other may have been forgotten.
        boolean expected = simd != null
                || ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
        return plain(expected ? System.Logger.Level.INFO : System.Logger.Level.DEBUG, "" + obstacle);
    }

    private static Kernels ejml(String description) {
        ProductLoops float64 = new DoubleEjmlProducts();
        ProductLoops float32 = new FloatEjmlProducts();
        return new Kernels(
                Loops.FLOAT64.with(float64).with(new DoubleConvolutionLoops(float64)),
                Loops.FLOAT32.with(float32).with(new FloatConvolutionLoops(float32)),
                System.Logger.Level.INFO,
                description);
    }

    private static Kernels plain(System.Logger.Level level, String reason) {
        return new Kernels(Loops.FLOAT64, Loops.FLOAT32, level, "default: " + reason);
    }

    @Override
    public String toString() {
        return description;
    }
}
