package io.adjoint.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.adjoint.core.Backend.Choice;
import io.adjoint.core.loops.DoubleEjmlProducts;
import io.adjoint.core.loops.DoubleProductLoops;
import io.adjoint.core.loops.FloatEjmlProducts;
import io.adjoint.core.loops.FloatProductLoops;
import io.adjoint.core.loops.ProductLoops;
import io.adjoint.core.loops.ProductLoops.Matrix;
import java.io.File;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.ServiceConfigurationError;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.logging.Filter;
import java.util.logging.Logger;
import org.assertj.core.api.ThrowableAssert;
import org.assertj.core.api.ThrowingConsumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BackendTest {
    private static final ProductLoops FAST = (a, b, out, at) -> {};

    private record Simd(@Nullable String obstacle) implements BackendProvider {
        @Override
        public String describe() {
            return "two at a time";
        }

        @Override
        public Loops<double[]> float64() {
            return Loops.FLOAT64.with(FAST, Loops.FLOAT64.convolutions());
        }

        @Override
        public Loops<float[]> float32() {
            return Loops.FLOAT32.with(FAST, Loops.FLOAT32.convolutions());
        }
    }

    private static final BackendProvider SIMD = new Simd(null);
    private static final BackendProvider WITHOUT_FLAG = new Simd("simd needs a flag");

    @Test
    void vectorsAreUsedIfTheyCanBe() {
        Choice choice = Backend.choose(null, () -> SIMD);
        assertThat(choice.float64().products()).isSameAs(FAST);
        assertThat(choice.float32().products()).isSameAs(FAST);
        assertThat(choice.description()).isEqualTo("simd: two at a time");
    }

    @Test
    void theDefaultOnesSayWhyTheyAreUsed() {
        assertThat(Backend.choose(null, () -> null).description())
                .isEqualTo("default: no adjoint-simd on the class path");
        Choice choice = Backend.choose(null, () -> WITHOUT_FLAG);
        assertThat(choice.description()).isEqualTo("default: simd needs a flag");
        assertThat(choice.float64().products()).isInstanceOf(DoubleProductLoops.class);
        assertThat(choice.float32().products()).isInstanceOf(FloatProductLoops.class);
    }

    @Test
    void aPropertyChooses() {
        Supplier<@Nullable BackendProvider> broken = () -> {
            throw new ServiceConfigurationError("not to be loaded");
        };
        Choice plain = Backend.choose("default", broken);
        assertThat(plain.description()).isEqualTo("default: chosen by -Dadjoint.backend=default");
        assertThat(plain.float64().products()).isInstanceOf(DoubleProductLoops.class);
        assertThat(plain.float64().functions()).isSameAs(Loops.FLOAT64.functions());
        Choice ejml = Backend.choose("ejml", broken);
        assertThat(ejml.description()).isEqualTo("ejml: chosen by -Dadjoint.backend=ejml");
        assertThat(ejml.float64().products()).isInstanceOf(DoubleEjmlProducts.class);
        assertThat(ejml.float32().products()).isInstanceOf(FloatEjmlProducts.class);
        Choice fast = Backend.choose("simd", () -> SIMD);
        assertThat(fast.description()).isEqualTo("simd: two at a time");
        assertThat(fast.float64().products()).isSameAs(FAST);
        assertThat(Backend.choose("fma", () -> SIMD).description()).isEqualTo("fma: two at a time");
    }

    @Test
    void aChoiceThatCannotBeMetIsRefusedWithTheReason() {
        assertRefused("simd", WITHOUT_FLAG, "-Dadjoint.backend=simd: simd needs a flag");
        assertRefused("simd", null, "-Dadjoint.backend=simd: no adjoint-simd on the class path");
        assertRefused("fma", WITHOUT_FLAG, "-Dadjoint.backend=fma: simd needs a flag");
        assertRefused("faster", SIMD, "-Dadjoint.backend=faster: expected one of default, ejml, fma, simd");
        assertRefused(
                "",
                WITHOUT_FLAG,
                "-Dadjoint.backend=: expected one of default, ejml, fma, simd; simd can't be used here: simd needs a flag");
    }

    private static void assertRefused(String wanted, @Nullable BackendProvider simd, String message) {
        assertThatThrownBy(() -> Backend.choose(wanted, () -> simd))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(message);
    }

    @Test
    void everyUseAfterARefusalSaysTheReason() throws Exception {
        withProperty("faster", loader -> {
            Class<?> dtype = loader.loadClass(DType.class.getName());
            Class<?> array = loader.loadClass(NdArray.class.getName());
            Class<?> dims = loader.loadClass(Dims.class.getName());
            Object drop = dims.getField("DROP").get(null);
            Object x = array.getMethod("scalar", dtype, double.class)
                    .invoke(null, dtype.getField("FLOAT64").get(null), 1);
            for (int use = 0; use < 2; use++) {
                assertRefused(() -> describe(loader));
                assertRefused(() -> array.getMethod("add", array).invoke(x, x));
                assertRefused(() -> array.getMethod("sum", dims, int[].class).invoke(x, drop, new int[0]));
                assertRefused(
                        () -> array.getMethod("logSumExp", dims, int[].class).invoke(x, drop, new int[0]));
            }
        });
    }

    @Test
    void theLoopsAreLoggedOnceAndUsedEvenIfThatFails() throws Exception {
        List<String> logged = new ArrayList<>();
        withProperty(
                "ejml",
                loader -> withFilter(
                        line -> {
                            logged.add(line.getLevel() + " " + line.getMessage());
                            throw new IllegalArgumentException("disk full");
                        },
                        () -> {
                            assertThat(describe(loader)).isEqualTo("ejml: chosen by -Dadjoint.backend=ejml");
                            assertThat(describe(loader)).isEqualTo("ejml: chosen by -Dadjoint.backend=ejml");
                        }));
        assertThat(logged).containsExactly("INFO ejml: chosen by -Dadjoint.backend=ejml");
    }

    @Test
    void aLoggerMayWaitForAThreadThatUsesLoops() throws Exception {
        List<Object> found = new ArrayList<>();
        withProperty(
                "ejml",
                loader -> withFilter(
                        line -> {
                            FutureTask<Object> other = new FutureTask<>(() -> describe(loader));
                            new Thread(other).start();
                            try {
                                return found.add(other.get(10, TimeUnit.SECONDS));
                            } catch (Exception e) {
                                return found.add(e);
                            }
                        },
                        () -> assertThat(describe(loader)).isEqualTo("ejml: chosen by -Dadjoint.backend=ejml")));
        assertThat(found).containsExactly("ejml: chosen by -Dadjoint.backend=ejml");
    }

    /** Runs a body while the logger of {@link Backend} passes the line that is logged to a filter. */
    private static void withFilter(Filter filter, ThrowableAssert.ThrowingCallable body) throws Throwable {
        Logger logger = Logger.getLogger(Backend.class.getName());
        Filter before = logger.getFilter();
        logger.setFilter(filter);
        try {
            body.call();
        } finally {
            logger.setFilter(before);
        }
    }

    /**
     * Sets the system property, and runs a body with a class loader of its own, in which {@link Backend} chooses loops by this property.
     */
    private static void withProperty(String value, ThrowingConsumer<ClassLoader> body) throws Exception {
        // This test's own class loader must have chosen its loops before the property changes.
        assertThat(Backend.describe()).isNotEmpty();
        String before = System.getProperty(Backend.PROPERTY);
        System.setProperty(Backend.PROPERTY, value);
        try (URLClassLoader loader = new URLClassLoader(classPath(), ClassLoader.getPlatformClassLoader())) {
            body.accept(loader);
        } finally {
            if (before == null) {
                System.clearProperty(Backend.PROPERTY);
            } else {
                System.setProperty(Backend.PROPERTY, before);
            }
        }
    }

    private static URL[] classPath() throws MalformedURLException {
        List<URL> urls = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            urls.add(Path.of(entry).toUri().toURL());
        }
        return urls.toArray(URL[]::new);
    }

    private static Object describe(ClassLoader loader) throws ReflectiveOperationException {
        return loader.loadClass(Backend.class.getName()).getMethod("describe").invoke(null);
    }

    private static void assertRefused(ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(InvocationTargetException.class)
                .cause()
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("-Dadjoint.backend=faster: expected one of");
    }

    @Test
    void ejmlAgreesWithTheDefaultLoops() {
        Random random = new Random(1);
        Matrix a = new Matrix(random.doubles(7 * 300).toArray(), 0, 7, 300, 300, 1);
        Matrix b = new Matrix(random.doubles(300 * 20).toArray(), 0, 20, 300, 300, 1).transposed();
        double[] expected = new double[7 * 20];
        double[] found = new double[7 * 20];
        new DoubleProductLoops().multiply(a, b, expected, 0);
        new DoubleEjmlProducts().multiply(a, b, found, 0);
        // The sums are about 75.
        assertThat(found).containsExactly(expected, within(1e-11));
    }

    @Test
    void theDescriptionNamesTheLoopsInUse() {
        assertThat(Backend.describe()).matches("(default|ejml|simd): .+");
    }
}
