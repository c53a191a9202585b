package io.adjoint.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.core.StateFields;
import io.adjoint.nn.Block;
import io.adjoint.nn.Buffer;
import io.adjoint.nn.Init;
import io.adjoint.nn.layer.Columns;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.layer.FillMissing;
import io.adjoint.nn.layer.LearnedPositions;
import io.adjoint.nn.layer.ReLU;
import io.adjoint.nn.layer.Residual;
import io.adjoint.nn.layer.SinusoidalPositions;
import io.adjoint.nn.layer.Standardize;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Compares each {@link Counterpart} with the state and output that PyTorch wrote for it. */
class StateDictTest {
    private static Stream<DynamicTest> each(List<Counterpart<?>> rows, Consumer<Counterpart<?>> test) {
        return rows.stream().map(row -> DynamicTest.dynamicTest(row.toString(), () -> test.accept(row)));
    }

    private static Map<String, StateFields.Slot> slots(Map<String, NdArray> arrays) {
        Map<String, StateFields.Slot> slots = new LinkedHashMap<>();
        arrays.forEach((name, array) -> slots.put(name, StateFields.Slot.of(array)));
        return slots;
    }

    @TestFactory
    Stream<DynamicTest> namesShapesAndTheirOrderAreThoseOfPyTorch() {
        Map<String, String> orders = CounterpartFile.orders();
        Init init = new Init(new Generator(1)).dtype(DType.FLOAT32);
        return each(Counterpart.ALL, row -> {
            Map<String, NdArray> state = new StateDict(row.made(init).block()).state();
            assertThat(slots(state)).isEqualTo(slots(CounterpartFile.state(row)));
            assertThat(String.join(" ", state.keySet())).isEqualTo(orders.get(row.name()));
        });
    }

    @TestFactory
    Stream<DynamicTest> outputsAreThoseOfPyTorch() {
        return each(
                Stream.concat(Counterpart.ALL.stream(), Counterpart.OLDER.stream())
                        .toList(),
                row -> {
                    compare(row, DType.FLOAT32, 1e-6);
                    compare(row, DType.FLOAT64, 1e-12);
                });
    }

    private static void compare(Counterpart<?> row, DType dtype, double tolerance) {
        Counterpart.Made made = row.made(new Init(new Generator(2)).dtype(dtype));
        LoadReport report = new StateDict(made.block()).load(CounterpartFile.state(row));
        assertThat(report.isExact()).isTrue();
        assertThat(report.converted().isEmpty()).isEqualTo(dtype == DType.FLOAT32);
        Tensor[] inputs = CounterpartFile.converted(CounterpartFile.inputs(row), dtype);
        NdArray output = Autograd.noGrad(() -> made.run().apply(inputs)).data();
        NdArray expected = CounterpartFile.output(row, dtype);
        assertThat(StateFields.Slot.of(output)).isEqualTo(StateFields.Slot.of(expected));
        double scale = Math.max(1, largest(expected.map(Math::abs)));
        assertThat(largest(output.zip(expected, (a, b) -> Math.abs(a - b))) / scale)
                .isLessThanOrEqualTo(tolerance);
    }

    private static double largest(NdArray array) {
        return Arrays.stream(array.toDoubleArray()).max().orElseThrow();
    }

    /** Fails if a layer of nn that has a state has no counterpart. */
    @Test
    void eachLayerWithAStateHasACounterpart() throws IOException, URISyntaxException {
        Init init = new Init(new Generator(1));
        Set<String> tried = new TreeSet<>();
        Counterpart.ALL.forEach(row ->
                row.made(init).block().apply(block -> tried.add(block.getClass().getSimpleName())));
        // PyTorch has no such layers.
        Stream.of(
                        Residual.class,
                        LearnedPositions.class,
                        SinusoidalPositions.class,
                        Columns.class,
                        FillMissing.class,
                        Standardize.class)
                .forEach(type -> tried.add(type.getSimpleName()));
        tried.addAll(List.of("Ensemble", "MemberLayers", "StackedDense"));
        assertThat(tried).containsAll(layersWithAState());
    }

    private static Set<String> layersWithAState() throws IOException, URISyntaxException {
        String file = Dense.class.getSimpleName() + ".class";
        URI place = Dense.class.getResource(file).toURI();
        if (place.getScheme().equals("jar")) {
            try (FileSystem jar = FileSystems.newFileSystem(place, new HashMap<>())) {
                return layersIn(jar.getPath(Dense.class.getName().replace('.', '/') + ".class")
                        .toAbsolutePath());
            }
        }
        return layersIn(Path.of(place));
    }

    /** The names of the concrete blocks with a state whose classes are in the folder of the given one. */
    private static Set<String> layersIn(Path one) throws IOException {
        Set<String> names = new TreeSet<>();
        try (Stream<Path> files = Files.list(one.getParent())) {
            for (Path path : files.toList()) {
                String name = path.getFileName().toString();
                if (name.matches("\\w+\\.class")) {
                    Class<?> type = load(name.replace(".class", ""));
                    boolean counts = Block.class.isAssignableFrom(type)
                            && !Modifier.isAbstract(type.getModifiers())
                            && hasState(type);
                    if (counts) {
                        names.add(type.getSimpleName());
                    }
                }
            }
        }
        assertThat(names).contains("Dense", "LSTM", "Transformer").doesNotContain("ReLU", "MaxPool2d");
        return names;
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(Dense.class.getPackageName() + "." + name);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean hasState(Class<?> type) {
        return type.getPackage().equals(Dense.class.getPackage())
                && (Arrays.stream(type.getDeclaredFields())
                                .map(field -> field.getType())
                                .anyMatch(field -> field == Tensor.class
                                        || field == Buffer.class
                                        || List.class.isAssignableFrom(field)
                                        || Block.class.isAssignableFrom(field))
                        || hasState(type.getSuperclass()));
    }

    @Test
    void aStateWithoutArraysIsRefused() {
        StateDict typo = new StateDict(new Dense(2, 3, new Init(new Generator(1)))).only("typo");

        assertThatIllegalArgumentException()
                .isThrownBy(typo::state)
                .withMessage(
                        "StateDict: only or ignore leaves no name of the model, so the state would be empty; it has"
                                + " [weight, bias]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> typo.state(List.of("weight", "bias")))
                .withMessageContaining("[weight, bias]");
        assertThat(new StateDict(new ReLU()).only("typo").state()).isEmpty();
    }
}
