package io.adjoint.core;

import static java.util.Objects.requireNonNull;

import io.adjoint.core.loops.DoubleConvolutionLoops;
import io.adjoint.core.loops.DoubleEjmlProducts;
import io.adjoint.core.loops.FloatConvolutionLoops;
import io.adjoint.core.loops.FloatEjmlProducts;
import io.adjoint.core.loops.ProductLoops;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The choice of the loops that compute with arrays. The JVM uses one of four sets of loops, chosen at its first computation:
 *
 * <ul>
 *   <li>{@code simd}: the loops of the module {@code adjoint-simd}, by the JDK's Vector API. They are used if that module is on the class
 *       path and the JVM was started with {@code --add-modules jdk.incubator.vector};
 *   <li>{@code default}: the loops of this module, used otherwise. They give the same bits as {@code simd};
 *   <li>{@code fma}: the loops of {@code simd}, but products of matrices and convolutions add each product to its sum by a fused
 *       multiply-add, which rounds once, as {@link Math#fma(double, double, double)} does. They take less time, and have other last
 *       bits, the same on every processor, JDK, length of vectors and number of threads. Small products are computed as by {@code simd};
 *   <li>{@code ejml}: EJML's own multiplication for all products, as an independent reference. It adds in another order, so that
 *       the last bits differ, and copies its operands.
 * </ul>
 *
 * <p>The system property {@value #PROPERTY} picks one of them by its name.
 */
public final class Backend {
    /** The name of the system property that chooses the loops: {@value}. */
    public static final String PROPERTY = "adjoint.backend";

    private static final String FMA = "fma";

    /** The loops in use; null if the loops that the property names can't be used, or adjoint-simd fails to load. */
    private static final @Nullable Choice PRESENT;

    /** The exception for loops that can't be used, thrown at every use of loops; null if {@link #PRESENT} is not null. */
    private static final @Nullable IllegalStateException REFUSAL;

    /**
     * Becomes true at the first use of loops, which logs the choice of the loops. A logger may wait for a thread that computes, so no
     * logger is called while this class is being initialized.
     */
    private static final AtomicBoolean IS_LOGGED = new AtomicBoolean();

    /**
     * Loops and the line that describes them. This type is a record because the JIT treats the fields of a record, unlike the fields of a
     * class, as constants.
     */
    record Choice(Loops<double[]> float64, Loops<float[]> float32, System.Logger.Level level, String description) {
        private static Choice ofDefault(System.Logger.Level level, String reason) {
            return new Choice(Loops.FLOAT64, Loops.FLOAT32, level, "default: " + reason);
        }

        private static Choice ofEjml(String reason) {
            ProductLoops float64 = new DoubleEjmlProducts();
            ProductLoops float32 = new FloatEjmlProducts();
            return new Choice(
                    Loops.FLOAT64.with(float64, new DoubleConvolutionLoops(float64)),
                    Loops.FLOAT32.with(float32, new FloatConvolutionLoops(float32)),
                    System.Logger.Level.INFO,
                    "ejml: " + reason);
        }

        private static Choice ofVectors(String name, BackendProvider simd) {
            return new Choice(simd.float64(), simd.float32(), System.Logger.Level.INFO, name + ": " + simd.describe());
        }
    }

    static {
        Choice choice = null;
        IllegalStateException refusal = null;
        try {
            choice = choose(System.getProperty(PROPERTY), Backend::simd);
        } catch (IllegalStateException e) {
            refusal = e;
        } catch (RuntimeException | LinkageError | ServiceConfigurationError e) {
            refusal = new IllegalStateException(
                    "adjoint-simd can't be loaded; -D" + PROPERTY + "=default does without: " + e, e);
        }
        PRESENT = choice;
        REFUSAL = refusal;
    }

    private Backend() {}

    /**
     * The name of the loops in use, the reason, and, of {@code simd}, the vectors' length: one line for a bug report.
     *
     * <pre>{@code
     * System.out.println(Backend.describe());
     * // simd: vectors of 512 bits
     * // default: adjoint-simd needs the JVM's option --add-modules jdk.incubator.vector
     * // default: no adjoint-simd on the class path
     * }</pre>
     *
     * @throws IllegalStateException if the system property {@value #PROPERTY} or {@code adjoint.simd.bits} asks for loops or vectors that
     *     can't be used; every operation that needs loops then throws an exception with this message
     */
    public static String describe() {
        return present().description;
    }

    static Loops<double[]> float64() {
        return present().float64;
    }

    static Loops<float[]> float32() {
        return present().float32;
    }

    private static Choice present() {
        if (PRESENT == null) {
            throw new IllegalStateException(requireNonNull(REFUSAL).getMessage(), REFUSAL);
        }
        if (!IS_LOGGED.get() && IS_LOGGED.compareAndSet(false, true)) {
            log(PRESENT);
        }
        return PRESENT;
    }

    private static void log(Choice choice) {
        try {
            System.getLogger(Backend.class.getName()).log(choice.level, choice.description);
        } catch (RuntimeException e) {
            // A failing logger must not make a computation fail.
        }
    }

    private static @Nullable BackendProvider simd() {
        return ServiceLoader.load(BackendProvider.class, Backend.class.getClassLoader())
                .findFirst()
                .orElse(null);
    }

    /**
     * Chooses the loops by the value of the system property, which is null if the property is not set.
     *
     * @param simd loads the provider of adjoint-simd; gives null if the module isn't on the class path
     */
    static Choice choose(@Nullable String wanted, Supplier<@Nullable BackendProvider> simd) {
        String setting = "-D" + PROPERTY + "=" + wanted;
        if ("ejml".equals(wanted)) {
            return Choice.ofEjml("chosen by " + setting);
        }
        if ("default".equals(wanted)) {
            return Choice.ofDefault(System.Logger.Level.DEBUG, "chosen by " + setting);
        }
        BackendProvider provider = simd.get();
        String obstacle = provider == null ? "no adjoint-simd on the class path" : provider.obstacle();
        if (wanted != null && !wanted.equals("simd") && !wanted.equals(FMA)) {
            throw new IllegalStateException(setting + ": expected one of default, ejml, fma, simd"
                    + (obstacle == null ? "" : "; simd can't be used here: " + obstacle));
        }
        if (provider != null && obstacle == null) {
            return Choice.ofVectors(FMA.equals(wanted) ? FMA : "simd", provider);
        }
        if (wanted != null) {
            throw new IllegalStateException(setting + ": " + obstacle);
        }
        // If only one of the two modules, adjoint-simd and the JVM's module for vectors, is present, the user has
        // probably forgotten the second module.
        boolean isHalfThere = provider != null
                || ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
        return Choice.ofDefault(isHalfThere ? System.Logger.Level.INFO : System.Logger.Level.DEBUG, "" + obstacle);
    }
}
