package io.adjoint.nn.data;

import static io.adjoint.nn.Refusals.refused;
import static io.adjoint.nn.Refusals.thrown;
import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Batches of records that hold numbers, texts and other records. */
class CollateIntoTest {
    private record Flower(Tensor sizes, int kind) {}

    private record Numbers(int i, short s, byte b, long l, double d, float f, boolean z) {}

    private record Columns(Tensor i, Tensor s, Tensor b, Tensor l, Tensor d, Tensor f, Tensor z) {}

    private record Place(Flower flower, String name, Batch pair) {}

    private record Places(Batch flowers, List<String> names, Batch pairs) {}

    private record Long1(long value) {}

    private record Tensor1(Tensor value) {}

    private record Text(String value) {}

    @SuppressWarnings("UnusedMethod") // the constructor is called by reflection
    private record Refusing(Tensor value) {
        private Refusing {
            throw new IllegalStateException("never");
        }
    }

    private static Flower flower(int k) {
        return new Flower(Tensor.of(k, k + 0.5), k % 3);
    }

    @Test
    void aNumberBecomesAnElementOfATensor() {
        Dataset<Flower> flowers = Dataset.of(5, CollateIntoTest::flower);
        Batch batch = new DataLoader<>(flowers, 4, Collate.into(Batch.class))
                .iterator()
                .next();

        assertThat(batch.x().shape()).isEqualTo(Shape.of(4, 2));
        assertThat(batch.y().data()).isEqualTo(NdArray.of(Shape.of(4), new int[] {0, 1, 2, 0}));
    }

    @Test
    void aListThatNoLoaderDrewBecomesABatch() {
        Batch batch = Collate.into(Batch.class, List.of(flower(1), flower(2)));

        assertThat(batch.x().data())
                .isEqualTo(Tensor.of(new double[][] {{1, 1.5}, {2, 2.5}}).data());
        assertThat(batch.y().data()).isEqualTo(NdArray.of(Shape.of(2), new int[] {1, 2}));
        refused(() -> Collate.into(Batch.class, List.of())).withMessageContaining("at least one sample");
    }

    @Test
    void eachTypeOfNumberHasItsDtype() {
        Collate<Numbers, Columns> collate = Collate.into(Columns.class);
        Columns columns = collate.of(List.of(
                new Numbers(1, (short) 2, (byte) 3, 4, 0.1, 0.1f, true),
                new Numbers(-1, (short) -2, (byte) -3, Integer.MIN_VALUE, 1e300, Float.MIN_VALUE, false)));

        assertThat(columns.i().data()).isEqualTo(NdArray.of(Shape.of(2), new int[] {1, -1}));
        assertThat(columns.s().data()).isEqualTo(NdArray.of(Shape.of(2), new int[] {2, -2}));
        assertThat(columns.b().data()).isEqualTo(NdArray.of(Shape.of(2), new int[] {3, -3}));
        assertThat(columns.l().data()).isEqualTo(NdArray.of(Shape.of(2), new int[] {4, Integer.MIN_VALUE}));
        assertThat(columns.d().data()).isEqualTo(NdArray.of(Shape.of(2), 0.1, 1e300));
        assertThat(columns.f().data()).isEqualTo(NdArray.of(Shape.of(2), new float[] {0.1f, Float.MIN_VALUE}));
        assertThat(columns.z().data()).isEqualTo(NdArray.of(Shape.of(2), new boolean[] {true, false}));
    }

    @Test
    void recordsInRecordsAndTextsAreKept() {
        StreamLoader<Places> loader = DataStream.of(List.of(0, 1, 2))
                .map(k -> new Place(flower(k), "p" + k, new Batch(Tensor.of(k), Tensor.of(-k))))
                .batch(3, Collate.into(Places.class));
        Places places = loader.iterator().next();

        assertThat(places.flowers().x().shape()).isEqualTo(Shape.of(3, 2));
        assertThat(places.flowers().y().data()).isEqualTo(NdArray.of(Shape.of(3), new int[] {0, 1, 2}));
        assertThat(places.names()).containsExactly("p0", "p1", "p2");
        assertThat(places.pairs().y().data()).isEqualTo(NdArray.of(Shape.of(3, 1), 0, -1, -2));
    }

    @Test
    void whatDoesNotCorrespondIsNamed() {
        thrown(
                        SampleException.class,
                        () -> new DataLoader<>(Dataset.of(2, CollateIntoTest::flower), 2)
                                .iterator()
                                .next())
                .withMessageEndingWith(
                        "'kind' of Flower is a Integer, neither a Tensor nor a record of tensors; give the"
                                + " DataLoader a Collate, as in new DataLoader<>(dataset, 32, samples -> …), or, of records with"
                                + " numbers, Collate.into(Batch.class)");
        refused(() -> Collate.<Flower, Tensor1>into(Tensor1.class).of(List.of(flower(1))))
                .withMessage(
                        "Collate.into: Flower has 2 components, but Tensor1 has 1; they correspond in their order");
        refused(() -> Collate.<Text, Tensor1>into(Tensor1.class).of(List.of(new Text("a"))))
                .withMessageStartingWith("Collate.into: 'value' of Text is a String, of which no Tensor can be made");
        refused(() -> Collate.<Tensor1, Text>into(Text.class).of(List.of(new Tensor1(Tensor.of(1)))))
                .withMessageContaining("is a Tensor, of which no String can be made");
        refused(() -> Collate.<Long1, Tensor1>into(Tensor1.class).of(List.of(new Long1(1L << 31))))
                .withMessage(
                        "Collate.into: 'value' of Long1 is 2147483648, which INT32 can't hold; use a double or a List");
        refused(() -> Collate.<Long1, Refusing>into(Refusing.class).of(List.of(new Long1(1))))
                .withMessageStartingWith(
                        "Collate.into: record Refusing refuses stacked components: java.lang.IllegalStateException");
        refused(() -> Collate.<Long1, Tensor1>into(Tensor1.class).of(List.of()))
                .withMessage("Collate.into: expected at least one sample, got none");
        refused(() -> Collate.<Text, Text>into(Text.class).of(Arrays.asList(new Text("a"), null)))
                .withMessage("Collate.into: a sample is null");
    }
}
