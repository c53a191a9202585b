package io.adjoint.nn.data;

import static io.adjoint.nn.Refusals.refused;
import static io.adjoint.nn.Refusals.thrown;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Correction;
import io.adjoint.core.DType;
import io.adjoint.core.Dims;
import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AugmentTest {
    private static final Tensor IMAGE = Tensor.arange(1, 13).reshape(1, 3, 4);

    @Test
    void statisticsOfADataSetNormalizeIt() {
        Dataset<Batch> dataset = Dataset.of(
                Tensor.normal(DType.FLOAT32, Shape.of(50, 3, 4, 4), 5, 2, new Generator(1)), Tensor.zeros(50));
        Augment.Statistics statistics = Augment.statistics(dataset, Batch::x);
        Tensor x =
                dataset.map(sample -> Augment.normalize(sample.x(), statistics)).all();

        assertThat(statistics.mean().shape()).isEqualTo(Shape.of(3));
        assertThat(x.dtype()).isEqualTo(DType.FLOAT32);
        for (int c = 0; c < 3; c++) {
            NdArray channel = x.data().select(1, c);
            assertThat(channel.mean().item()).isCloseTo(0, within(1e-5));
            assertThat(channel.std(Correction.NONE, Dims.DROP).item()).isCloseTo(1, within(1e-5));
        }
        thrown(ShapeException.class, () -> Augment.normalize(IMAGE, statistics))
                .withMessage(
                        "Augment.normalize: the statistics are of [3] channels, but the input is [1, 3, 4]; expected [C, ...]");
        thrown(ShapeException.class, () -> Augment.statistics(Dataset.of(2, k -> Tensor.zeros(k + 1, 2)), x2 -> x2))
                .withMessageContaining("with 1 channels, but sample 1 is [2, 2]");
        thrown(ShapeException.class, () -> Augment.statistics(dataset.slice(0, 0), Batch::x))
                .withMessageContaining("no samples");
    }

    @Test
    void aChannelWithoutVariationIsNotDivided() {
        Dataset<Tensor> pixels = Dataset.of(List.of(Tensor.of(1, 0), Tensor.of(3, 0)));
        Augment.Statistics statistics = Augment.statistics(pixels, x -> x);
        assertThat(Augment.normalize(Tensor.of(3, 0.5), statistics).data()).isEqualTo(NdArray.of(Shape.of(2), 1, 0.5));
    }

    @Test
    void theMiddleIsCutOut() {
        assertThat(Augment.centerCrop(IMAGE, 1, 2).data()).isEqualTo(NdArray.of(Shape.of(1, 1, 2), 6, 7));
        assertThat(Augment.centerCrop(IMAGE, 2, 3).data()).isEqualTo(NdArray.of(Shape.of(1, 2, 3), 1, 2, 3, 5, 6, 7));
    }

    @Test
    void eachPartOfThePaddedImageMayBeCutOut() {
        Generator random = new Generator(1);
        Set<NdArray> parts = new HashSet<>();
        for (int k = 0; k < 400; k++) {
            parts.add(Augment.randomCrop(IMAGE, 2, 3, 1, random).data());
        }

        assertThat(parts)
                .hasSize(4 * 4)
                .contains(
                        NdArray.of(Shape.of(1, 2, 3), 0, 0, 0, 0, 1, 2),
                        NdArray.of(Shape.of(1, 2, 3), 11, 12, 0, 0, 0, 0));
        assertThat(Augment.randomCrop(IMAGE, 3, 4, 0, random).data()).isEqualTo(IMAGE.data());
    }

    @Test
    void flipsHaveTheirProbability() {
        Generator random = new Generator(1);
        int flipped = 0;
        for (int k = 0; k < 1000; k++) {
            flipped += Augment.horizontalFlip(IMAGE, 0.3, random).data().equals(IMAGE.data()) ? 0 : 1;
        }

        assertThat(flipped).isBetween(250, 350);
        assertThat(Augment.horizontalFlip(IMAGE, 1, random).data())
                .isEqualTo(IMAGE.flip(2).data());
        assertThat(Augment.verticalFlip(IMAGE, 1, random).data())
                .isEqualTo(IMAGE.flip(1).data());
        assertThat(Augment.verticalFlip(IMAGE, 0, random).data()).isEqualTo(IMAGE.data());
    }

    @Test
    void noiseHasItsStandardDeviation() {
        Tensor noisy = Augment.gaussianNoise(Tensor.zeros(DType.FLOAT32, 10_000), 0.5, new Generator(1));

        assertThat(noisy.dtype()).isEqualTo(DType.FLOAT32);
        assertThat(noisy.data().std(Correction.NONE, Dims.DROP).item()).isCloseTo(0.5, within(0.02));
    }

    @Test
    void wrongUseIsNamed() {
        Generator random = new Generator(1);
        thrown(ShapeException.class, () -> Augment.randomCrop(IMAGE, 6, 3, 1, random))
                .withMessage(
                        "Augment.randomCrop: expected an image [..., H, W] of at least 6 × 3 with 1 pixels of padding, got"
                                + " [1, 3, 4]");
        refused(() -> Augment.randomCrop(IMAGE, 1, 1, -1, random))
                .withMessageContaining("must not be negative, got -1");
        thrown(ShapeException.class, () -> Augment.centerCrop(Tensor.zeros(3), 1, 1))
                .withMessageStartingWith("Augment.centerCrop: ");
        thrown(ShapeException.class, () -> Augment.horizontalFlip(Tensor.zeros(3), 1, random))
                .withMessageStartingWith("Augment.horizontalFlip: ");
        refused(() -> Augment.verticalFlip(IMAGE, 1.5, random))
                .withMessage("Augment: the probability of a flip must be from 0 to 1, got 1.5");
        refused(() -> Augment.gaussianNoise(IMAGE, -1, random));
    }

    @Test
    void textsAreCutIntoCharactersAndWords() {
        assertThat(Tokens.characters("aé😀")).containsExactly("a", "é", "😀");
        assertThat(Tokens.words("Don't stop, e-mail!  (3 Äpfel -- 2½ km)"))
                .containsExactly("Don't", "stop", ",", "e-mail", "!", "(", "3", "Äpfel", "-", "-", "2½", "km", ")");
        assertThat(Tokens.words(" \u00a0\n")).isEmpty();
    }
}
