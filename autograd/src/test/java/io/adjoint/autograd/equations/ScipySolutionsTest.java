package io.adjoint.autograd.equations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Compares with SciPy, whose RK45 is the same method with the same choice of steps; the rows are made by scipy_solutions.py. */
class ScipySolutionsTest {
    private static final Map<String, BinaryOperator<Tensor>> FIELDS = Map.of(
            "decay", (t, y) -> y.mul(Tensor.of(-0.5, -0.25)),
            "lotkaVolterra",
                    (t, y) -> field(
                            y.select(0, 0).mul(1.5).sub(y.prod()),
                            y.select(0, 1).mul(-3).add(y.prod())),
            "vanDerPol",
                    (t, y) -> field(
                            y.select(0, 1),
                            y.select(0, 0)
                                    .square()
                                    .rsub(1)
                                    .mul(5)
                                    .mul(y.select(0, 1))
                                    .sub(y.select(0, 0))),
            "driven", (t, y) -> t.sin().sub(y),
            "cannon", (t, y) -> field(y.select(0, 1), y.select(0, 1).mul(-0.1).sub(9.81)),
            "pendulum", (t, y) -> field(y.select(0, 1), y.select(0, 0).sin().neg()));

    private static final Map<String, double[]> STARTS = Map.of(
            "decay", new double[] {2, 4},
            "lotkaVolterra", new double[] {10, 5},
            "vanDerPol", new double[] {2, 0},
            "driven", new double[] {1},
            "cannon", new double[] {0, 30},
            "pendulum", new double[] {1, 0});

    private static final Map<String, double[]> SPANS = Map.of(
            "decay", new double[] {0, 10},
            "lotkaVolterra", new double[] {0, 15},
            "vanDerPol", new double[] {0, 20},
            "driven", new double[] {3, -2},
            "cannon", new double[] {0, 100},
            "pendulum", new double[] {0, 12});

    private static final double[][] TOLERANCES = {{1e-3, 1e-6}, {1e-6, 1e-9}, {1e-10, 1e-12}};

    private static final Map<String, UnaryOperator<Tensor>> EQUATIONS = Map.of(
            "cubes", x -> x.add(x.sub(x.flip(0)).pow(3).mul(0.5)).sub(Tensor.of(1, 0)),
            "cosine", x -> x.add(x.cos().mul(2)),
            "powell", x -> field(x.prod().mul(1e4).sub(1), x.neg().exp().sum().sub(1.0001)),
            "broyden",
                    x -> x.mul(x.mul(-2).add(3))
                            .sub(x.slice(0, 0, 9).pad(1, 0))
                            .sub(x.slice(0, 1, 10).pad(0, 1).mul(2))
                            .add(1));

    private static final Map<String, double[]> GUESSES = Map.of(
            "cubes", new double[] {0, 0},
            "cosine", new double[] {0.3},
            "powell", new double[] {0, 1},
            "broyden", new double[] {-1, -1, -1, -1, -1, -1, -1, -1, -1, -1});

    private static Tensor field(Tensor... parts) {
        return Tensor.stack(0, parts);
    }

    private static Tensor vector(double... values) {
        return Tensor.of(NdArray.wrap(Shape.of(values.length), values));
    }

    private static double[] numbers(String text) {
        return text.isBlank()
                ? new double[0]
                : Arrays.stream(text.trim().split(" "))
                        .mapToDouble(Double::parseDouble)
                        .toArray();
    }

    private static List<List<String>> rows(boolean ofRoots) throws IOException {
        try (InputStream file =
                Objects.requireNonNull(ScipySolutionsTest.class.getResourceAsStream("scipy-solutions.txt"))) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> List.of(line.split(" ?\\| ?", -1)))
                    .filter(row -> (row.size() == 2) == ofRoots)
                    .toList();
        }
    }

    static Stream<List<String>> solutions() throws IOException {
        return rows(false).stream();
    }

    static Stream<List<String>> roots() throws IOException {
        return rows(true).stream();
    }

    /** The row's settings: each name occurs once for each pair of tolerances, in order. */
    private static double[] tolerances(List<String> row) throws IOException {
        List<List<String>> sameName = rows(false).stream()
                .filter(other -> other.get(0).equals(row.get(0)))
                .toList();
        for (int k = 0; k < sameName.size(); k++) {
            if (sameName.get(k).equals(row)) {
                return TOLERANCES[k];
            }
        }
        throw new AssertionError("no such row");
    }

    @ParameterizedTest
    @MethodSource("solutions")
    void takesSciPysSteps(List<String> row) throws IOException {
        double[] tolerances = tolerances(row);
        double[] span = Objects.requireNonNull(SPANS.get(row.get(0)));
        int[] calls = {0};
        BinaryOperator<Tensor> f = Objects.requireNonNull(FIELDS.get(row.get(0)));
        OdeOptions options = new OdeOptions().tolerances(tolerances[0], tolerances[1]);
        OdeEvent<Tensor> ground = row.get(0).equals("cannon")
                ? OdeEvent.stop("ground", Crossing.FALLING, (t, y) -> y.select(0, 0))
                : OdeEvent.note("zero", Crossing.ANY, (t, y) -> y.select(0, 0));
        OdeEvent<Tensor> apex = OdeEvent.note("apex", Crossing.ANY, (t, y) -> y.select(0, -1));
        boolean hasEvents = !row.get(6).isBlank();
        BinaryOperator<Tensor> counted = (t, y) -> {
            calls[0]++;
            return f.apply(t, y);
        };
        Tensor start = vector(Objects.requireNonNull(STARTS.get(row.get(0))));
        OdeSolution<Tensor> solution = hasEvents
                ? Odes.solve(counted, start, span[0], span[1], options, ground, apex)
                : Odes.solve(counted, start, span[0], span[1], options);

        assertThat(solution.steps()).isEqualTo(Integer.parseInt(row.get(1)));
        assertThat(calls[0]).isEqualTo(Integer.parseInt(row.get(2)));
        assertThat(solution.endTime().item()).isCloseTo(Double.parseDouble(row.get(3)), within(1e-12));
        assertClose(solution.end(), numbers(row.get(4)));
        double end = solution.endTime().item();
        Tensor thirds = Tensor.of(span[0] + (end - span[0]) / 3, span[0] + (end - span[0]) * 2 / 3);
        assertClose(solution.at(thirds).flatten(), numbers(row.get(5)));
        assertThat(solution.events().stream()
                        .mapToDouble(event -> event.time().item())
                        .toArray())
                .usingComparatorWithPrecision(1e-11)
                .containsExactly(numbers(row.get(6)));
    }

    private static void assertClose(Tensor actual, double... expected) {
        assertThat(actual.data().toDoubleArray())
                .usingComparatorWithPrecision(1e-9)
                .containsExactly(expected);
    }

    @ParameterizedTest
    @MethodSource("roots")
    void findsSciPysRoots(List<String> row) {
        Tensor guess = vector(Objects.requireNonNull(GUESSES.get(row.get(0))));

        for (LinearSolver solver : List.of(LinearSolver.DENSE, LinearSolver.GMRES)) {
            ImplicitOptions options = new ImplicitOptions().linearSolver(solver);
            assertThat(Implicit.root(Objects.requireNonNull(EQUATIONS.get(row.get(0))), guess, options)
                            .data()
                            .toDoubleArray())
                    .usingComparatorWithPrecision(1e-9)
                    .containsExactly(numbers(row.get(1)));
        }
    }
}
