package io.adjoint.core;

import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Stream;
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

    private static final Kernels PRESENT = choose(
            System.getProperty(PROPERTY),
            ServiceLoader.load(KernelProvider.class, Kernels.class.getClassLoader()).stream()
                    .map(ServiceLoader.Provider::get)
                    .toList());

    static final Loops<double[]> FLOAT64 = PRESENT.float64;
    static final Loops<float[]> FLOAT32 = PRESENT.float32;

    static {
        System.getLogger(Kernels.class.getName()).log(PRESENT.level, PRESENT::toString);
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
     */
    public static String describe() {
        return PRESENT.toString();
    }

    /** The loops that a property's value, null if it is not set, chooses from those at hand. */
    static Kernels choose(@Nullable String wanted, List<KernelProvider> providers) {
        if ("ejml".equals(wanted)) {
            ProductLoops float64 = new DoubleEjmlProducts();
            ProductLoops float32 = new FloatEjmlProducts();
            return new Kernels(
                    Loops.FLOAT64.with(float64).with(new DoubleConvolutionLoops(float64)),
                    Loops.FLOAT32.with(float32).with(new FloatConvolutionLoops(float32)),
                    System.Logger.Level.INFO,
                    "ejml: chosen by -D" + PROPERTY);
        }
        if ("default".equals(wanted)) {
            return plain(System.Logger.Level.DEBUG, "chosen by -D" + PROPERTY);
        }
        for (KernelProvider provider : providers) {
            if (wanted != null && !wanted.equals(provider.name())) {
                continue;
            }
            String obstacle = provider.obstacle();
            if (obstacle == null) {
                return new Kernels(
                        provider.float64(Loops.FLOAT64),
                        provider.float32(Loops.FLOAT32),
                        System.Logger.Level.INFO,
                        provider.name() + ": " + provider.describe());
            }
            if (wanted != null) {
                throw new IllegalStateException("-D" + PROPERTY + "=" + wanted + ": " + obstacle);
            }
            return plain(System.Logger.Level.INFO, obstacle);
        }
        if (wanted != null) {
            List<String> names = Stream.concat(
                            Stream.of("ejml", "default"), providers.stream().map(KernelProvider::name))
                    .toList();
            throw new IllegalStateException("-D" + PROPERTY + "=" + wanted + ": expected one of "
                    + String.join(", ", names)
                    + (providers.isEmpty() ? "; simd needs adjoint-simd on the class path" : ""));
        }
        return plain(System.Logger.Level.DEBUG, "no adjoint-simd on the class path");
    }

    private static Kernels plain(System.Logger.Level level, String reason) {
        return new Kernels(Loops.FLOAT64, Loops.FLOAT32, level, "default: " + reason);
    }

    @Override
    public String toString() {
        return description;
    }
}
