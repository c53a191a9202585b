package io.adjoint.io;

import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.domains.DomainContextBase;

/** Named arrays of any dtype, shape, layout and bits. */
final class AnyArrays extends DomainContextBase {
    private static final List<Long> SPECIAL = LongStream.of(
                    0,
                    1,
                    Long.MIN_VALUE,
                    Long.MIN_VALUE + 1,
                    // For FLOAT64: a signalling NaN with a payload, an infinity, the largest number. For FLOAT32: a
                    // signalling NaN, an infinity.
                    0x7ff0_0000_dead_beefL,
                    0x7ff0_0000_0000_0000L,
                    0x7fef_ffff_ffff_ffffL,
                    0x7f80_0001L,
                    0xffff_ffff_7f80_0000L)
            .boxed()
            .toList();

    @Provide
    Arbitrary<Map<String, NdArray>> states() {
        return Arbitraries.maps(names(), arrays()).ofMaxSize(5);
    }

    /** Strings of any characters except unpaired surrogates, which no encoding can represent. */
    @Provide
    static Arbitrary<String> names() {
        Arbitrary<String> any = Arbitraries.strings().ofMaxLength(6).filter(TensorInfo::isUnicode);
        Arbitrary<String> special = Arbitraries.of(
                "",
                ".",
                "..",
                "../../x",
                "a.b",
                "'",
                "\"",
                "\\",
                "\\u0041",
                "\u0001\n\t",
                "\u007f",
                "\u2028",
                "\ufeff",
                "😀",
                "x.npy",
                "a/");
        return Arbitraries.frequencyOf(Tuple.of(3, any), Tuple.of(1, special));
    }

    @Provide
    static Arbitrary<NdArray> arrays() {
        return Arbitraries.of(DType.class)
                .flatMap(dtype -> Arbitraries.integers()
                        .between(0, 4)
                        .list()
                        .ofMaxSize(4)
                        .flatMap(dims -> Arbitraries.randomValue(random -> array(random, dtype, dims))));
    }

    private static NdArray array(Random random, DType dtype, List<Integer> dims) {
        Shape shape = Shape.of(dims.stream().mapToInt(dim -> dim).toArray());
        long[] bits = LongStream.generate(
                        () -> random.nextBoolean() ? random.nextLong() : SPECIAL.get(random.nextInt(SPECIAL.size())))
                .limit(shape.size())
                .toArray();
        return layout(random, elements(dtype, shape, bits));
    }

    private static NdArray elements(DType dtype, Shape shape, long[] bits) {
        return switch (dtype) {
            case FLOAT64 ->
                NdArray.wrap(
                        shape,
                        LongStream.of(bits)
                                .mapToDouble(Double::longBitsToDouble)
                                .toArray());
            case FLOAT32 -> {
                float[] values = new float[bits.length];
                IntStream.range(0, bits.length).forEach(k -> values[k] = Float.intBitsToFloat((int) bits[k]));
                yield NdArray.wrap(shape, values);
            }
            case INT32 ->
                NdArray.of(shape, LongStream.of(bits).mapToInt(b -> (int) b).toArray());
            case BOOL ->
                NdArray.of(shape, LongStream.of(bits).mapToInt(b -> (int) b).toArray())
                        .to(DType.BOOL);
        };
    }

    /** Another view of the elements of an array or of some of them, which often isn't contiguous. */
    private static NdArray layout(Random random, NdArray array) {
        int rank = array.shape().rank();
        if (rank == 0) {
            return array;
        }
        int axis = random.nextInt(rank);
        return switch (random.nextInt(5)) {
            case 0 -> array.transpose(axis, random.nextInt(rank));
            case 1 -> array.flip(axis);
            case 2 ->
                array.shape().dim(axis) == 0
                        ? array
                        : array.slice(axis, 0, array.shape().dim(axis), 2);
            case 3 -> array.unsqueeze(axis);
            default -> array;
        };
    }
}
