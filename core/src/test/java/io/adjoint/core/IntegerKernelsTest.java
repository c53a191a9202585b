package io.adjoint.core;

import static io.adjoint.core.DType.BOOL;
import static io.adjoint.core.DType.FLOAT64;
import static io.adjoint.core.DType.INT32;
import static java.lang.Integer.MAX_VALUE;
import static java.lang.Integer.MIN_VALUE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adjoint.core.math.DoubleSimpleFunctions;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class IntegerKernelsTest {
    private static NdArray ints(int... values) {
        return NdArray.of(Shape.of(values.length), values);
    }

    private static void outOfRange(Supplier<NdArray> call, String message) {
        assertThatThrownBy(call::get)
                .isExactlyInstanceOf(ArithmeticException.class)
                .hasMessage(message);
    }

    @Test
    void arithmeticIsExactUpToTheEndsOfTheRange() {
        assertThat(ints(MAX_VALUE, MIN_VALUE).sub(ints(0, 0))).isEqualTo(ints(MAX_VALUE, MIN_VALUE));
        assertThat(ints(MAX_VALUE - 1, MIN_VALUE + 1).add(ints(1, -1))).isEqualTo(ints(MAX_VALUE, MIN_VALUE));
        assertThat(ints(46340, -65536).mul(ints(46340, 32768))).isEqualTo(ints(2147395600, MIN_VALUE));
        assertThat(ints(MAX_VALUE, MIN_VALUE).maximum(ints(0, 0))).isEqualTo(ints(MAX_VALUE, 0));
        assertThat(ints(MAX_VALUE, MIN_VALUE).minimum(ints(0, 0))).isEqualTo(ints(0, MIN_VALUE));
    }

    @Test
    void aResultOutOfRangeNamesTheOperationAndTheOperands() {
        outOfRange(
                () -> ints(1, MAX_VALUE).add(ints(1, 1)),
                "add: 2147483647 and 1 give a result out of the range of INT32; convert with to(FLOAT64)");
        outOfRange(
                () -> ints(MIN_VALUE).sub(ints(1)),
                "sub: -2147483648 and 1 give a result out of the range of INT32; convert with to(FLOAT64)");
        outOfRange(
                () -> ints(46341).mul(ints(46341)),
                "mul: 46341 and 46341 give a result out of the range of INT32; convert with to(FLOAT64)");
        outOfRange(
                () -> ints(3, 4).zipExact("floorDivide", ints(2, 0), (x, y) -> Math.floor(x / y)),
                "floorDivide: 4 and 0 would be a division by zero; convert with to(FLOAT64)");
        outOfRange(
                () -> ints(1, MIN_VALUE).mapExact("neg", DoubleSimpleFunctions::neg),
                "neg: the result for -2147483648 is out of the range of INT32; convert with to(FLOAT64)");
    }

    @Test
    void sumsAndProductsAreThoseOfLongsOrAnError() {
        Random random = new Random(5);
        int[] values = random.ints(3 * 5000).toArray();
        long[] sums = new long[3];
        for (int k = 0; k < values.length; k++) {
            values[k] /= 5000;
            sums[k % 3] += values[k];
        }
        NdArray x = ints(values).reshape(5000, 3);

        assertThat(x.sum(0).toDoubleArray())
                .isEqualTo(Arrays.stream(sums).asDoubleStream().toArray());
        assertThat(x.transpose().sum(Dims.KEEP, 1).shape()).isEqualTo(Shape.of(3, 1));
        assertThat(ints(MAX_VALUE, MAX_VALUE, MIN_VALUE, MIN_VALUE, 2).sum().item())
                .isZero();
        assertThat(ints(MAX_VALUE, MAX_VALUE, MAX_VALUE, 0).prod().item()).isZero();
        assertThat(ints(65536, -32768).prod().item()).isEqualTo(MIN_VALUE);
        assertThat(ints(MIN_VALUE, -1, -1).prod().item()).isEqualTo(MIN_VALUE);
        assertThat(ints().sum()).isEqualTo(NdArray.scalar(INT32, 0));
        assertThat(ints().prod()).isEqualTo(NdArray.scalar(INT32, 1));
        assertThat(ints(3, MIN_VALUE, 4).amin().item()).isEqualTo(MIN_VALUE);
        assertThat(ints(-3, -4).amax().item()).isEqualTo(-3);
        outOfRange(
                () -> ints(MAX_VALUE, 1).sum(),
                "sum: the result 2147483648 is out of the range of INT32; convert with to(FLOAT64)");
        outOfRange(
                () -> ints(65536, 65536, 65536).prod(),
                "prod: the product is out of the range of INT32; convert with to(FLOAT64)");
        outOfRange(
                () -> ScanKernels.cumsum(ints(MAX_VALUE, 1, -1), 0, false),
                "cumsum: the sum 2147483648 is out of the range of INT32; convert with to(FLOAT64)");
        outOfRange(
                () -> ScanKernels.cumsum(ints(MIN_VALUE, -1, 1), 0, false),
                "cumsum: the sum -2147483649 is out of the range of INT32; convert with to(FLOAT64)");
        outOfRange(
                () -> ints(MIN_VALUE, -1).sum(),
                "sum: the result -2147483649 is out of the range of INT32; convert with to(FLOAT64)");
    }

    /** An intermediate product may exceed the range of INT32 by one, and return to the range by a factor of −1 or 0. */
    @Test
    void productsAtTheEdgeOfTheRangeAreThoseOfExactIntegersOrAnError() {
        int[] factors = {MIN_VALUE, -65536, -46341, -1, 0, 1, 2, 32768, 65536, MAX_VALUE};
        for (int a : factors) {
            for (int b : factors) {
                for (int c : factors) {
                    BigInteger product = BigInteger.valueOf((long) a * b).multiply(BigInteger.valueOf(c));
                    NdArray x = ints(a, b, c);
                    if (product.bitLength() < Integer.SIZE) {
                        assertThat(x.prod().item()).isEqualTo(product.doubleValue());
                    } else {
                        outOfRange(
                                () -> x.prod(),
                                "prod: the product is out of the range of INT32; convert with to(FLOAT64)");
                    }
                }
            }
        }
    }

    /** A sum in double of these 8 million numbers would lose its last digits on the way. */
    @Test
    void aLongSumWhosePartsLeaveWhatADoubleHoldsIsExact() {
        int half = 1 << 22;
        NdArray x = NdArray.generate(INT32, Shape.of(2 * half), k -> k < half ? MAX_VALUE : -MAX_VALUE + k % 2);

        assertThat(x.sum().item()).isEqualTo(1 << 21);
    }

    @Test
    void aSumOfTruthValuesIsTheirCountAndTheMeanTheFraction() {
        NdArray mask = NdArray.of(Shape.of(2, 3), new boolean[] {true, false, true, false, false, true});

        assertThat(mask.sum()).isEqualTo(NdArray.scalar(INT32, 3));
        assertThat(mask.sum(1)).isEqualTo(ints(2, 1));
        assertThat(mask.mean(0)).isEqualTo(NdArray.of(Shape.of(3), 0.5, 0, 1));
        assertThat(mask.slice(0, 0, 0).mean().item()).isNaN();
    }

    @Test
    void whatIsNot0IsTrueNaNAndFractionsToo() {
        NdArray x = NdArray.of(Shape.of(5), 0, -0.0, 0.25, Double.NaN, 256);

        assertThat(x.to(BOOL).toBooleanArray()).containsExactly(false, false, true, true, true);
        assertThat(ints(256, 0).to(BOOL).toIntArray()).containsExactly(1, 0);
        assertThat(x.to(BOOL)).hasToString("[false, false,  true,  true,  true]");
        assertThat(NdArray.scalar(BOOL, 1)).hasToString("true");
        assertThat(x.to(BOOL).to(FLOAT64).toDoubleArray()).containsExactly(0, 0, 1, 1, 1);
    }

    @Test
    void javaArraysOfTruthValuesAreCopiedBothWays() {
        boolean[][] nested = {{true, false}, {false, true}, {true, true}};
        NdArray x = NdArray.fromArray(nested);
        nested[0][0] = false;

        assertThat(x.dtype()).isEqualTo(BOOL);
        assertThat(x.transpose().toArray(boolean[][].class))
                .isEqualTo(new boolean[][] {{true, false, true}, {false, true, true}});
    }

    @Test
    void anElementIsOnlyFilledWithWhatItCanHold() {
        assertThat(NdArray.full(BOOL, Shape.of(2), 1).toBooleanArray()).containsExactly(true, true);
        assertThatThrownBy(() -> NdArray.full(BOOL, Shape.of(2), 2))
                .isExactlyInstanceOf(DTypeException.class)
                .hasMessage("full: 2.0 is no BOOL; give 0 or 1, or convert with to(FLOAT64)");
        assertThatThrownBy(() -> NdArray.full(INT32, Shape.of(2), 0.5)).isExactlyInstanceOf(DTypeException.class);
    }

    @Test
    void aNumberMustBeAnElementOfTheTypeOrTheOperationIsNamed() {
        assertThat(ints(3).add(2.0).sub(1).mul(-2)).isEqualTo(ints(-8));
        assertThatThrownBy(() -> ints(3).mul(3e9)).hasMessageStartingWith("mul: 3.0E9 is no INT32");
        assertThatThrownBy(() -> ints(3).div(0.5)).hasMessageStartingWith("div: the quotient of two INT32");
        assertThatThrownBy(() -> ints(3).to(BOOL).sub(0.5)).hasMessageStartingWith("sub: expected numbers, got BOOL");
    }
}
