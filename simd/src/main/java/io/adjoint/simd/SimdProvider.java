package io.adjoint.simd;

import io.adjoint.core.BackendProvider;
import io.adjoint.core.Internal;
import io.adjoint.core.Loops;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Provides the loops of this module to {@link io.adjoint.core.Backend}. No class of the Vector API is loaded before a check that the JVM
 * has this API. It is public because {@link java.util.ServiceLoader} asks for that.
 *
 * @hidden
 */
@Internal
public final class SimdProvider implements BackendProvider {
    private static final List<String> LENGTHS = List.of("128", "256", "512");

    @Override
    public @Nullable String obstacle() {
        if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
            return "adjoint-simd needs the JVM's option --add-modules jdk.incubator.vector";
        }
        String vm = System.getProperty("java.vm.name") + ", " + System.getProperty("java.vm.version") + ", "
                + System.getProperty("java.vm.info");
        boolean hasC2 = vm.contains("Server VM") && vm.contains("mixed mode") && !vm.contains("emulated-client");
        if (!hasC2 || vm.contains("jvmci")) {
            return "adjoint-simd needs HotSpot's compiler C2 in mixed mode, without which vectors are slower than none; this is "
                    + vm;
        }
        checkLength(System.getProperty(Vectors.PROPERTY));
        int bits = Vectors.SHAPE.vectorBitSize();
        return bits < 128 ? "adjoint-simd needs vectors of 128 bits, this JVM uses " + bits : null;
    }

    /** Checks that vectors of the property's length exist; null stands for the longest. */
    static void checkLength(@Nullable String bits) {
        if (bits != null && !LENGTHS.contains(bits)) {
            throw new IllegalStateException(
                    "-D" + Vectors.PROPERTY + "=" + bits + ": expected one of " + String.join(", ", LENGTHS));
        }
    }

    @Override
    public String describe() {
        return Vectors.describe();
    }

    @Override
    public Loops<double[]> float64() {
        // These calls also prepare the FLOAT32 loops, which are requested next.
        RareBranches.take();
        return new Loops<>(
                new DoubleProducts(Loops.FLOAT64.products()),
                Float64Lanes.functions(),
                new DoubleArithmetic(),
                new DoubleReductions(),
                new DoubleNormalizations(),
                Loops.FLOAT64.dropout(),
                Loops.FLOAT64.pooling(),
                new DoubleConvolutions());
    }

    @Override
    public Loops<float[]> float32() {
        return new Loops<>(
                new FloatProducts(Loops.FLOAT32.products()),
                Float32Lanes.functions(),
                new FloatArithmetic(),
                new FloatReductions(),
                new FloatNormalizations(),
                Loops.FLOAT32.dropout(),
                Loops.FLOAT32.pooling(),
                new FloatConvolutions());
    }
}
