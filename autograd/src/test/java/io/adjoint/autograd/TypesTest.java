package io.adjoint.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.adjoint.core.DType;
import io.adjoint.core.DTypeException;
import io.adjoint.core.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tables of operations by dtype: each gives a result of a known dtype, or an error whose advice works when it is followed. */
class TypesTest {
    private static final Pattern ADVICE = Pattern.compile("to\\((\\w+)\\)");
    private static final Pattern OPERAND = Pattern.compile("the (\\w+) operand");
    /**
     * The elements of the operands, which every dtype can represent; the first operand can also serve as a mask, an index or classes.
     */
    private static final double[][] NUMBERS = {{0, 1, 1}, {1, 1, 1}, {1, 0, 1}};

    /**
     * An operation of one or more operands of one dtype, with the kind of its result for each dtype.
     *
     * @param results for FLOAT64, FLOAT32, INT32 and BOOL: '=' a result of the same dtype, 'f' FLOAT64, 'i' INT32, 'b' BOOL, '-' an error
     */
    record Row(String name, String results, int operands, Function<Tensor[], Tensor> call) {
        @Override
        public String toString() {
            return name + "/" + operands;
        }
    }

    private static Row one(String name, String results, UnaryOperator<Tensor> call) {
        return new Row(name, results, 1, x -> call.apply(x[0]));
    }

    private static Row two(String name, String results, BinaryOperator<Tensor> call) {
        return new Row(name, results, 2, x -> call.apply(x[0], x[1]));
    }

    static Stream<Row> rows() {
        return Stream.concat(ofOne(), ofSeveral());
    }

    private static Stream<Row> ofOne() {
        return Stream.of(
                one("add", "===-", x -> x.add(1)),
                one("sub", "===-", x -> x.sub(1)),
                one("rsub", "===-", x -> x.rsub(1)),
                one("mul", "===-", x -> x.mul(2)),
                one("floorDivide", "===-", x -> x.floorDivide(2)),
                one("remainder", "===-", x -> x.remainder(2)),
                one("maximum", "===-", x -> x.maximum(1)),
                one("minimum", "===-", x -> x.minimum(1)),
                one("clamp", "===-", x -> x.clamp(0, 1)),
                one("clampMin", "===-", x -> x.clampMin(1)),
                one("clampMax", "===-", x -> x.clampMax(1)),
                one("neg", "===-", Tensor::neg),
                one("abs", "===-", Tensor::abs),
                one("prod", "===-", x -> x.prod()),
                one("amax", "===-", x -> x.amax(0)),
                one("amin", "===-", x -> x.amin(0)),
                one("cumsum", "===-", x -> x.cumsum(0)),
                one("sum", "===i", x -> x.sum(0)),
                one("mean", "==-f", x -> x.mean(0)),
                one("div", "==--", x -> x.div(2)),
                one("rdiv", "==--", x -> x.rdiv(2)),
                one("fmod", "==--", x -> x.fmod(2)),
                one("pow", "==--", x -> x.pow(2)),
                one("pow", "==--", x -> Tensor.pow(0.5, x)),
                one("cumprod", "==--", x -> x.cumprod(0)),
                one("var", "==--", x -> x.var()),
                one("std", "==--", x -> x.std()),
                one("exp", "==--", Tensor::exp),
                one("sqrt", "==--", Tensor::sqrt),
                one("relu", "==--", Tensor::relu),
                one("softmax", "==--", x -> x.softmax(0)),
                one("logSumExp", "==--", x -> x.logSumExp(0)),
                one("vectorNorm", "==--", x -> x.vectorNorm(2)),
                one("quantile", "==--", x -> x.quantile(0.5)),
                one("diff", "==--", x -> x.diff()),
                one("requiresGrad", "==--", x -> x.requiresGrad(true)),
                one("sort", "===-", x -> x.sort(0).values()),
                one("topK", "===-", x -> x.topK(0, 1).values()),
                one("argSort", "iii-", x -> x.argSort(0)),
                one("argMax", "iii-", x -> x.argMax(0)),
                one("argMin", "iii-", x -> x.argMin(0)),
                one("max", "===-", x -> x.max(0).values()),
                one("min", "===-", x -> x.min(0).values()),
                one("median", "===-", x -> x.median(0).values()),
                one("mode", "===-", x -> x.mode(0).values()),
                one("cummax", "===-", x -> x.cummax(0).values()),
                one("unique", "===-", x -> x.unique().values()),
                one("eq", "bbbb", x -> x.eq(1)),
                one("ne", "bbbb", x -> x.ne(0.5)),
                one("lt", "bbb-", x -> x.lt(0.5)),
                one("ge", "bbb-", x -> x.ge(1)),
                one("isNaN", "bbbb", Tensor::isNaN),
                one("isFinite", "bbbb", Tensor::isFinite),
                one("countNonZero", "iiii", x -> x.countNonZero()),
                one("nonZero", "iiii", Tensor::nonZero),
                one("not", "---b", Tensor::not),
                one("any", "---b", x -> x.any()),
                one("all", "---b", x -> x.all(0)),
                one("oneHot", "--i-", x -> x.oneHot(2)),
                one("binCount", "--i-", x -> x.binCount(2)),
                one("flip", "====", x -> x.flip()),
                one("reshape", "====", x -> x.reshape(3, 1)),
                one("broadcastTo", "====", x -> x.unsqueeze(1).broadcastTo(Shape.of(3, 2))),
                one("pad", "====", x -> x.padConstant(1, 1, 1)),
                one("repeatInterleave", "====", x -> x.repeatInterleave(0, 2)),
                one("roll", "====", x -> x.roll(0, 1)),
                one("tril", "====", x -> x.reshape(1, 3).tril(0)),
                one("get", "====", x -> x.get("[2, 0]")));
    }

    private static Stream<Row> ofSeveral() {
        return Stream.of(
                two("add", "===-", Tensor::add),
                two("sub", "===-", Tensor::sub),
                two("mul", "===-", Tensor::mul),
                two("floorDivide", "===-", Tensor::floorDivide),
                two("remainder", "===-", Tensor::remainder),
                two("maximum", "===-", Tensor::maximum),
                two("minimum", "===-", Tensor::minimum),
                new Row("clamp", "===-", 3, x -> x[0].clamp(x[1], x[2])),
                two("div", "==--", Tensor::div),
                two("fmod", "==--", Tensor::fmod),
                two("atan2", "==--", Tensor::atan2),
                two("hypot", "==--", Tensor::hypot),
                two("pow", "==--", Tensor::pow),
                two("lerp", "==--", (a, b) -> a.lerp(b, 0.5)),
                new Row("lerp", "==--", 3, x -> x[0].lerp(x[1], x[2])),
                two("fmax", "==--", Tensor::fmax),
                two("matmul", "==--", (a, b) -> a.reshape(1, 3).matmul(b)),
                two("dot", "==--", Tensor::dot),
                two("inner", "==--", Tensor::inner),
                two("outer", "==--", Tensor::outer),
                two("einsum", "==--", (a, b) -> Tensor.einsum("i,i->i", a, b)),
                two("cdist", "==--", (a, b) -> a.reshape(3, 1).cdist(b.reshape(3, 1))),
                two("solve", "==--", (a, b) -> a.slice(0, 2, 3).reshape(1, 1).solve(b.slice(0, 2, 3))),
                two("eq", "bbbb", Tensor::eq),
                two("ne", "bbbb", Tensor::ne),
                two("lt", "bbb-", Tensor::lt),
                two("le", "bbb-", Tensor::le),
                two("and", "---b", Tensor::and),
                two("or", "---b", Tensor::or),
                two("xor", "---b", Tensor::xor),
                two("concat", "====", (a, b) -> Tensor.concat(0, a, b)),
                two("stack", "====", (a, b) -> Tensor.stack(0, a, b)),
                two("where", "====", (a, b) -> Tensor.where(Tensor.of(true, false, true), a, b)),
                two("indexPut", "====", (a, b) -> a.indexPut(b, Index.all())),
                two("scatter", "====", (a, b) -> a.scatter(0, Tensor.of(new int[] {0, 1, 2}), b)),
                two("searchSorted", "iii-", Tensor::searchSorted));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void eachDtypeGivesItsResultOrAnErrorWhoseAdviceWorks(Row row) {
        for (DType dtype : DType.values()) {
            Tensor[] operands = operands(row.operands(), k -> dtype);
            char result = row.results().charAt(List.of(DType.values()).indexOf(dtype));
            if (result == '-') {
                assertAdviceWorks(row.name(), operands, row.call(), k -> true);
            } else {
                assertThat(row.call().apply(operands).dtype())
                        .as(dtype.name())
                        .isEqualTo(
                                switch (result) {
                                    case 'f' -> DType.FLOAT64;
                                    case 'i' -> DType.INT32;
                                    case 'b' -> DType.BOOL;
                                    default -> dtype;
                                });
            }
        }
    }

    @ParameterizedTest
    @MethodSource("ofSeveral")
    void twoDtypesAreAnErrorWhoseAdviceWorks(Row row) {
        for (DType first : DType.values()) {
            for (DType second : DType.values()) {
                if (first != second) {
                    Tensor[] operands = operands(row.operands(), k -> k == 0 ? first : second);
                    assertAdviceWorks(row.name(), operands, row.call(), k -> true);
                }
            }
        }
    }

    static Stream<Row> masks() {
        Tensor x = Tensor.of(4, 5, 6);
        return Stream.of(
                one("where", "", mask -> Tensor.where(mask, x, x)),
                one("where", "", mask -> Tensor.where(mask, x, 1)),
                one("where", "", mask -> Tensor.where(mask, 1, x)),
                one("where", "", mask -> Tensor.where(mask, x, Tensor::exp, Tensor::neg)),
                one("maskedFill", "", mask -> x.maskedFill(mask, 1)),
                one("maskedSelect", "", x::maskedSelect),
                one("Index.mask", "", mask -> x.get(Index.mask(mask))));
    }

    @ParameterizedTest
    @MethodSource("masks")
    void nothingButTruthValuesIsAMask(Row row) {
        for (DType dtype : List.of(DType.FLOAT64, DType.FLOAT32, DType.INT32)) {
            assertAdviceWorks(row.name(), operands(1, k -> dtype), row.call(), k -> true);
        }
        assertThat(row.call().apply(operands(1, k -> DType.BOOL)).dtype()).isEqualTo(DType.FLOAT64);
    }

    static Stream<Row> indices() {
        Tensor x = Tensor.of(4, 5, 6);
        return Stream.of(
                one("gather", "", index -> x.gather(0, index)),
                one("scatter", "", index -> x.scatter(0, index, x)),
                one("scatterAdd", "", index -> x.scatterAdd(0, index, x)),
                one("indexSelect", "", index -> x.indexSelect(0, index)),
                one("indexAdd", "", index -> x.indexAdd(0, index, x)),
                one("take", "", x::take),
                one("embedding", "", x.reshape(3, 1)::embedding),
                one("Index.of", "", index -> x.get(Index.of(index))),
                one("repeatInterleave", "", counts -> x.repeatInterleave(0, counts)));
    }

    @ParameterizedTest
    @MethodSource("indices")
    void nothingButIntegersIsAnIndex(Row row) {
        for (DType dtype : List.of(DType.FLOAT64, DType.FLOAT32, DType.BOOL)) {
            assertAdviceWorks(row.name(), operands(1, k -> dtype), row.call(), k -> true);
        }
        assertThat(row.call().apply(operands(1, k -> DType.INT32)).dtype()).isEqualTo(DType.FLOAT64);
    }

    static Stream<Row> fractions() {
        Tensor mask = Tensor.of(true, false, true);
        return Stream.of(
                one("add", "", x -> x.add(0.5)),
                one("sub", "", x -> x.sub(0.5)),
                one("mul", "", x -> x.mul(0.5)),
                one("div", "", x -> x.div(0.5)),
                one("floorDivide", "", x -> x.floorDivide(0.5)),
                one("remainder", "", x -> x.remainder(0.5)),
                one("maximum", "", x -> x.maximum(0.5)),
                one("clamp", "", x -> x.clamp(0, 0.5)),
                one("where", "", x -> Tensor.where(mask, x, 0.5)),
                one("where", "", x -> Tensor.where(mask, 0.5, x)),
                one("maskedFill", "", x -> x.maskedFill(mask, 0.5)),
                one("pad", "", x -> x.padConstant(0.5, 1, 1)),
                one("fmod", "", x -> x.fmod(0.5)),
                one("pow", "", x -> Tensor.pow(0.5, x)));
    }

    @ParameterizedTest
    @MethodSource("fractions")
    void aFractionIsNoElementOfIntegersOrTruthValues(Row row) {
        for (DType dtype : List.of(DType.INT32, DType.BOOL)) {
            Tensor[] operands = operands(1, k -> dtype);
            // Only advice to convert to FLOAT64 or FLOAT32 can help, since other dtypes have no fractions.
            assertAdviceWorks(row.name(), operands, row.call(), target -> target.isFloating());
        }
    }

    private static Tensor[] operands(int count, Function<Integer, DType> dtype) {
        return IntStream.range(0, count)
                .mapToObj(k -> Tensor.of(NUMBERS[k]).to(dtype.apply(k)))
                .toArray(Tensor[]::new);
    }

    /** Asserts that the call is refused, and that it is accepted after any one of the conversions that the message names. */
    private static void assertAdviceWorks(
            String name, Tensor[] operands, Function<Tensor[], Tensor> call, Predicate<DType> concerned) {
        String types =
                Arrays.toString(Arrays.stream(operands).map(Tensor::dtype).toArray());
        Throwable refusal = catchThrowable(() -> call.apply(operands));
        assertThat(refusal).as(types).isExactlyInstanceOf(DTypeException.class).hasMessageStartingWith(name + ": ");
        String message = String.valueOf(refusal.getMessage());
        List<DType> targets = new ArrayList<>();
        for (Matcher advice = ADVICE.matcher(message); advice.find(); ) {
            targets.add(DType.valueOf(advice.group(1)));
        }
        targets.removeIf(concerned.negate());
        assertThat(targets).as(message).isNotEmpty();
        for (DType target : targets) {
            Tensor[] converted = Arrays.stream(operands)
                    .map(x -> isToBeConverted(message, x.dtype()) ? x.to(target) : x)
                    .toArray(Tensor[]::new);
            assertThat(catchThrowable(() -> call.apply(converted)))
                    .as(types + " to " + target + " after: " + message)
                    .isNull();
        }
    }

    private static boolean isToBeConverted(String message, DType dtype) {
        Matcher operand = OPERAND.matcher(message);
        return !operand.find() || operand.group(1).equals(dtype.name());
    }
}
