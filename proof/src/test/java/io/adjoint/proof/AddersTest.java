package io.adjoint.proof;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Edge;
import io.adjoint.autograd.GraphMode;
import io.adjoint.autograd.Index;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tests that every edge with an adder, which adds a gradient to a sum in place, adds the gradient that the edge's backward rule returns. An
 * adder only runs if the operation's input already has a gradient, so here the input is the tensor itself and not a view of it.
 */
class AddersTest {
    /** A shape whose sizes differ, so that mixing up two axes is noticed. */
    private static final Shape SHAPE = Shape.of(3, 4, 5);

    /**
     * An operation.
     *
     * @param maker the method that makes the operation's edge
     * @param shape the shape of the tensor
     */
    private record Row(String maker, String name, Shape shape, UnaryOperator<Tensor> operation) {
        Row(String maker, String name, UnaryOperator<Tensor> operation) {
            this(maker, name, SHAPE, operation);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        for (int axis = 0; axis < 3; axis++) {
            int along = axis;
            int size = SHAPE.dim(axis);
            // Indices of positions along the axis, some of them repeated: an index of the tensor's shape, one that is
            // shorter along another axis, and a vector.
            Tensor all = Tensor.arange(SHAPE.size()).mul(7).remainder(size).to(DType.INT32);
            Tensor index = all.reshape(SHAPE.toArray());
            Tensor shorter = index.slice((axis + 1) % 3, 0, 2);
            Tensor some = Tensor.of(new int[] {size - 1, 0, size - 1, 1});
            rows.add(new Row("IndexingRules.gather", "gather along " + axis, x -> x.gather(along, index)));
            rows.add(new Row("IndexingRules.gather", "gather of fewer along " + axis, x -> x.gather(along, shorter)));
            rows.add(
                    new Row("IndexingRules.indexSelect", "indexSelect along " + axis, x -> x.indexSelect(along, some)));
            rows.add(new Row("ShapingRules.view", "slice along " + axis, x -> x.slice(along, 1, size, 2)));
            rows.add(new Row("ShapingRules.view", "select along " + axis, x -> x.select(along, -1)));
        }
        Tensor positions = Tensor.of(new int[] {59, 0, 7, 7});
        Tensor mask = Tensor.arange(SHAPE.size()).remainder(3).eq(0).reshape(SHAPE.toArray());
        rows.addAll(List.of(
                new Row("IndexingRules.indexSelect", "take", x -> x.take(positions)),
                new Row("IndexingRules.indexSelect", "maskedSelect", x -> x.maskedSelect(mask)),
                new Row("ShapingRules.view", "diagonal", x -> x.diagonal(2, 0, 1)),
                new Row("ShapingRules.view", "get", x -> x.get(Index.all(), Index.at(2))),
                table("IndexingRules.rows", "embedding", t -> t.embedding(numbers())),
                table("IndexingRules.rows", "embedding with padding", t -> t.embedding(numbers(), 2)),
                table(
                        "IndexingRules.rows",
                        "embedding, all of it padding",
                        t -> t.embedding(numbers().mul(0), 0))));
        return rows;
    }

    /** A row for an operation that looks up rows of a matrix by their numbers. */
    private static Row table(String maker, String name, UnaryOperator<Tensor> operation) {
        return new Row(maker, name, Shape.of(3, 4), operation);
    }

    private static Tensor numbers() {
        return Tensor.of(new int[][] {{2, 0, 1}, {2, 2, 0}});
    }

    /** Draws integers, so that their sums are exact. */
    private static Tensor integers(DType dtype, Shape shape, int seed) {
        double[] numbers = IntStream.range(0, shape.size())
                .mapToDouble(k -> (k * 37 + seed * 11) % 19 - 9)
                .toArray();
        return Tensor.of(NdArray.of(shape, numbers)).to(dtype);
    }

    /** The sum of an operation's elements, each weighted by another number; for odd seeds the operation's upstream gradient is a view. */
    private static Tensor weighted(Tensor value, int seed) {
        Tensor seen =
                seed % 2 == 0 ? value : value.permute(reversed(value.shape().rank()));
        return seen.mul(integers(value.dtype(), seen.shape(), seed)).sum();
    }

    private static int[] reversed(int rank) {
        return IntStream.range(0, rank).map(k -> rank - 1 - k).toArray();
    }

    @ParameterizedTest
    @MethodSource("rows")
    void whatMeetsIsTheSumOfWhatEachWouldBringAlone(Row row) {
        UnaryOperator<Tensor> f = row.operation();
        UnaryOperator<Tensor> plain = x -> x.mul(3);
        // In a backward pass the gradient of the last operation arrives first.
        List<List<UnaryOperator<Tensor>>> orders =
                List.of(List.of(f, f), List.of(f, f, f), List.of(f, plain), List.of(plain, f), List.of(f, plain, f));
        for (DType dtype : List.of(DType.FLOAT64, DType.FLOAT32)) {
            for (List<UnaryOperator<Tensor>> order : orders) {
                Tensor leaf = integers(dtype, row.shape(), 5).requiresGrad(true);
                NdArray expected = NdArray.zeros(dtype, row.shape());
                for (int k = 0; k < order.size(); k++) {
                    Tensor alone = weighted(order.get(k).apply(leaf), k);
                    NdArray recorded = gradient(alone, GraphMode.CREATE, leaf);
                    assertThat(gradient(weighted(order.get(k).apply(leaf), k), GraphMode.FREE, leaf))
                            .isEqualTo(recorded);
                    expected = expected.add(recorded);
                }
                assertThat(gradient(together(order, leaf), GraphMode.FREE, leaf))
                        .as("%s %s uses of a leaf", dtype, order.size())
                        .isEqualTo(expected);
                Tensor step = leaf.mul(1);
                assertThat(gradient(together(order, step), GraphMode.FREE, leaf))
                        .as("%s %s uses of a step", dtype, order.size())
                        .isEqualTo(expected);
            }
        }
    }

    private static Tensor together(List<UnaryOperator<Tensor>> order, Tensor x) {
        Tensor sum = Tensor.zeros(x.dtype());
        for (int k = 0; k < order.size(); k++) {
            sum = sum.add(weighted(order.get(k).apply(x), k));
        }
        return sum;
    }

    private static NdArray gradient(Tensor value, GraphMode graph, Tensor leaf) {
        return Autograd.grad(value, Tensor.onesLike(value).detach(), graph, leaf)
                .detach()
                .data();
    }

    @Test
    void everyMethodThatMakesSuchAnEdgeHasARow() {
        Set<String> makers = new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .importPackages("io.adjoint.autograd", "io.adjoint.nn")
                        .stream()
                        .filter(type -> !type.isEquivalentTo(Edge.class))
                        .flatMap(AddersTest::makers)
                        .collect(Collectors.toSet());
        assertThat(makers).isEqualTo(rows().stream().map(Row::maker).collect(Collectors.toSet()));
    }

    private static Stream<String> makers(JavaClass type) {
        return type.getMethodCallsFromSelf().stream()
                .filter(call -> call.getTargetOwner().isEquivalentTo(Edge.class)
                        && Set.of("adding", "view").contains(call.getName()))
                .map(call -> type.getSimpleName() + "." + call.getOrigin().getName());
    }
}
