package io.adjoint.nn.data;

import static io.adjoint.nn.Refusals.refused;
import static io.adjoint.nn.Refusals.thrown;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.adjoint.autograd.Interpolation;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.DTypeException;
import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.core.ShapeException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Rotations, affine maps and crops. The expected numbers were computed by PyTorch's grid_sample with torchvision's matrices in float64.
 */
class AugmentGeometryTest {
    private static final Tensor IMAGE = Tensor.of(NdArray.generate(DType.FLOAT64, Shape.of(1, 4, 5), k -> k * 7 % 11));

    private static void assertPixels(Tensor image, double[][] expected) {
        assertThat(image.shape()).isEqualTo(IMAGE.shape());
        assertThat(image.data().toDoubleArray())
                .containsExactly(Tensor.of(expected).data().toDoubleArray(), within(1e-13));
    }

    @Test
    void rotationsAreThoseOfTorchvision() {
        assertPixels(Augment.rotate(IMAGE, 30, Interpolation.NEAREST, 0), new double[][] {
            {0.0, 3.0, 10.0, 8.0, 8.0}, {7.0, 9.0, 5.0, 3.0, 10.0}, {2.0, 9.0, 7.0, 3.0, 5.0}, {4.0, 4.0, 2.0, 9.0, 0.0}
        });
        assertPixels(Augment.rotate(IMAGE, 30, Interpolation.LINEAR, 0), new double[][] {
            {1.3923048454132638, 2.4282032302755097, 6.9939881604791125, 5.977155009820629, 4.351769641197386},
            {3.7596189432334186, 6.598076211353318, 4.133974596215561, 2.9461524227066294, 9.28469601695807},
            {1.991669750802296, 4.843353065868145, 5.3002404735808355, 5.401923788646684, 3.2930262661557697},
            {1.8636206679760832, 3.0621778264910713, 3.348076211353316, 5.983339501604594, 1.01923788646684}
        });
    }

    @Test
    void affineMapsAreThoseOfTorchvision() {
        Affine map = new Affine().degrees(20).scale(1.3).shear(10, -5);
        assertPixels(Augment.affine(IMAGE, map.translate(1, -1), Interpolation.NEAREST, -1), new double[][] {
            {4.0, 4.0, 9.0, 5.0, 5.0},
            {6.0, 2.0, 7.0, 7.0, 3.0},
            {-1.0, 2.0, 9.0, 5.0, 3.0},
            {-1.0, -1.0, -1.0, 5.0, 1.0}
        });
        assertPixels(Augment.affine(IMAGE, map.translate(1.5, -0.75), Interpolation.LINEAR, 0.5), new double[][] {
            {1.9250662862069925, 3.5021972759348787, 4.274613115993461, 6.819637022731969, 4.541293788835411},
            {4.443483516950245, 3.2480772540358185, 1.019625692607328, 5.444337861386615, 4.3064901865827},
            {2.858156648226564, 2.2972831266836042, 5.124701945405453, 7.4740380003666225, 4.160175644548914},
            {0.5, 0.8226170025035524, 3.813522740156734, 5.341841747970715, 4.210898109509072}
        });
        assertPixels(
                Augment.affine(IMAGE, new Affine(-145, 0, 0.25, 0.6, -30, 15), Interpolation.LINEAR, 2),
                new double[][] {
                    {2.0, 2.0094014452904205, 2.0, 2.0, 2.0},
                    {2.0, 7.2994157107463975, 8.372572470174914, 3.9179281390763614, 2.0},
                    {2.0, 6.545707576480785, 5.203977483283087, 3.21559504776066, 2.0},
                    {2.0, 2.0, 2.520201897791407, 2.0113414288544504, 2.0}
                });
    }

    @Test
    void quarterTurnsAndTheIdentityMixNoPixels() {
        Tensor square = Tensor.normal(DType.FLOAT32, Shape.of(2, 3, 6, 6), 0, 1, new Generator(1));
        for (Interpolation mode : new Interpolation[] {Interpolation.NEAREST, Interpolation.LINEAR}) {
            assertThat(Augment.affine(square, new Affine(), mode, 9).data()).isEqualTo(square.data());
            Tensor once = Augment.rotate(square, 90, mode, 9);
            assertThat(once.data()).isEqualTo(square.transpose(2, 3).flip(2).data());
            assertThat(Augment.rotate(once, 450, mode, 9).data())
                    .isEqualTo(square.flip(2, 3).data());
            assertThat(Augment.rotate(square, -180, mode, 9).data())
                    .isEqualTo(square.flip(2, 3).data());
            assertThat(Augment.affine(square, new Affine().degrees(90), mode, 9).data())
                    .isEqualTo(square.transpose(2, 3).flip(3).data());
        }
    }

    @Test
    void aTranslationMovesPixelsAndFillsTheRest() {
        Tensor image = Tensor.of(new int[][] {{1, 2, 3}, {4, 5, 6}});

        assertThat(Augment.affine(image, new Affine().translate(1, -1), Interpolation.NEAREST, 7)
                        .data())
                .isEqualTo(NdArray.of(Shape.of(2, 3), new int[] {7, 4, 5, 7, 7, 7}));
    }

    @Test
    void eachImageOfABatchIsMappedAlike() {
        Tensor batch = Tensor.normal(DType.FLOAT32, Shape.of(2, 3, 5, 4), 0, 1, new Generator(1));
        Affine map = new Affine(12, 0.5, 1, 0.9, 5, 0);
        Tensor all = Augment.affine(batch, map, Interpolation.LINEAR, 0);

        assertThat(all.dtype()).isEqualTo(DType.FLOAT32);
        assertThat(all.select(0, 1).select(0, 2).data())
                .isEqualTo(Augment.affine(batch.select(0, 1).select(0, 2), map, Interpolation.LINEAR, 0)
                        .data());
    }

    @Test
    void randomMapsAreDrawnFromTheirRange() {
        RandomAffine range = new RandomAffine()
                .degrees(30)
                .translate(0.5, 0.25)
                .scale(0.5, 2)
                .shear(10, 20);
        Generator random = new Generator(1);
        double[] most = new double[6];
        for (int k = 0; k < 500; k++) {
            Affine map = range.draw(8, 6, random);
            double[] sizes = {
                Math.abs(map.degrees()), Math.abs(map.translateX()), Math.abs(map.translateY()),
                Math.max(map.scale(), 1 / map.scale()), Math.abs(map.shearX()), Math.abs(map.shearY())
            };
            for (int part = 0; part < 6; part++) {
                most[part] = Math.max(most[part], sizes[part]);
            }
            assertThat(map.translateX()).isEqualTo(Math.rint(map.translateX()));
        }

        double[] limits = {30, 3, 2, 2, 10, 20};
        for (int part = 0; part < 6; part++) {
            assertThat(most[part]).isBetween(0.97 * limits[part], limits[part]);
        }
        Affine drawn = new RandomAffine().degrees(30).draw(4, 5, new Generator(2));
        assertThat(Augment.randomAffine(
                                IMAGE, new RandomAffine().degrees(30), Interpolation.LINEAR, 0, new Generator(2))
                        .data())
                .isEqualTo(Augment.affine(IMAGE, drawn, Interpolation.LINEAR, 0).data());
        assertThat(Augment.randomRotation(IMAGE, 30, Interpolation.LINEAR, 0, new Generator(2))
                        .data())
                .isEqualTo(Augment.rotate(IMAGE, drawn.degrees(), Interpolation.LINEAR, 0)
                        .data());
    }

    @Test
    void partsAreCutOut() {
        assertThat(Augment.crop(IMAGE, 1, 2, 2, 3).data()).isEqualTo(NdArray.of(Shape.of(1, 2, 3), 5, 1, 8, 7, 3, 10));
        for (int[] corner : new int[][] {{-1, 0}, {0, -1}, {3, 0}, {0, 3}, {Integer.MAX_VALUE, 0}}) {
            thrown(ShapeException.class, () -> Augment.crop(IMAGE, corner[0], corner[1], 2, 3))
                    .withMessageContaining("are not inside an image [1, 4, 5]");
        }
    }

    @Test
    void aRandomPartIsResized() {
        // The expected numbers are PyTorch's interpolate of rows 1 to 3 and columns 0 to 2.
        int seed = 0;
        while (!CropBox.random(4, 5, 0.3, 0.5, new Generator(seed)).equals(new CropBox(1, 0, 3, 3))) {
            seed++;
        }
        Tensor part = Augment.randomResizedCrop(IMAGE, 2, 4, 0.3, 0.5, new Generator(seed));

        assertThat(part.shape()).isEqualTo(Shape.of(1, 2, 4));
        assertThat(part.data().toDoubleArray())
                .containsExactly(new double[] {2.5, 5.15625, 6.28125, 5.5, 5.5, 3.0, 4.125, 8.5}, within(1e-14));
        assertThat(Augment.randomResizedCrop(Tensor.zeros(DType.FLOAT32, 2, 3, 9, 8), 4, 4, new Generator(1))
                        .shape())
                .isEqualTo(Shape.of(2, 3, 4, 4));
    }

    @Test
    void randomPartsHaveTheirAreasRatiosAndPositions() {
        Generator random = new Generator(1);
        Set<CropBox> boxes = new HashSet<>();
        double area = 0;
        for (int k = 0; k < 2000; k++) {
            CropBox box = CropBox.random(100, 120, 0.25, 0.75, random);
            assertThat(box.top()).isBetween(0, 100 - box.height());
            assertThat(box.left()).isBetween(0, 120 - box.width());
            assertThat((double) box.width() / box.height()).isBetween(0.73, 1.37);
            double part = box.height() * box.width() / 12_000.0;
            assertThat(part).isBetween(0.24, 0.76);
            area += part / 2000;
            boxes.add(box);
        }

        assertThat(boxes).hasSizeGreaterThan(1900);
        // The mean is a little below 0.5, since large boxes with wide ratios don't fit and are drawn again.
        assertThat(area).isBetween(0.45, 0.51);
    }

    @Test
    void whereNoDrawFitsThePartIsCentral() {
        assertThat(CropBox.central(100, 30)).isEqualTo(new CropBox(30, 0, 40, 30));
        assertThat(CropBox.central(30, 100)).isEqualTo(new CropBox(0, 30, 30, 40));
        assertThat(CropBox.central(30, 35)).isEqualTo(new CropBox(0, 0, 30, 35));
        assertThat(CropBox.central(1, 9)).isEqualTo(new CropBox(0, 4, 1, 1));
        assertThat(CropBox.random(100, 10, 0.9, 1, new Generator(1))).isEqualTo(CropBox.central(100, 10));
    }

    @Test
    void pixelsWithoutWeightHaveNoPart() {
        Tensor image = Tensor.of(new double[][] {{1, Double.POSITIVE_INFINITY, 2}, {3, 4, Double.NaN}, {5, 6, 7}});
        for (Affine map : List.of(new Affine(), new Affine().translate(1, -1), new Affine().degrees(90))) {
            assertThat(Augment.affine(image, map, Interpolation.LINEAR, 0).data())
                    .isEqualTo(
                            Augment.affine(image, map, Interpolation.NEAREST, 0).data());
        }
    }

    @Test
    void wrongUseIsNamed() {
        Generator random = new Generator(1);
        thrown(ShapeException.class, () -> Augment.rotate(Tensor.zeros(3), 1, Interpolation.NEAREST, 0))
                .withMessageStartingWith("Augment.rotate: expected an image [..., H, W]");
        thrown(ShapeException.class, () -> Augment.affine(Tensor.zeros(3, 0), new Affine(), Interpolation.NEAREST, 0))
                .withMessageStartingWith("Augment.affine: ");
        thrown(DTypeException.class, () -> Augment.rotate(Tensor.of(new int[2][2]), 1, Interpolation.LINEAR, 0))
                .withMessageContaining("Augment.rotate");
        refused(() -> Augment.rotate(IMAGE, 1, Interpolation.LINEAR_CORNERS, 0))
                .withMessage("Augment: the interpolation of rotate must be NEAREST or LINEAR, got LINEAR_CORNERS");
        refused(() -> Augment.rotate(Tensor.of(new int[][] {{1, 2}, {3, 4}}), 90, Interpolation.NEAREST, 0.5))
                .withMessageContaining("Augment.rotate: 0.5 is no INT32");
        refused(() -> Augment.rotate(IMAGE, Double.NaN, Interpolation.LINEAR, 0))
                .withMessage("Affine: the angle must be finite, got NaN");
        refused(() -> Augment.rotate(IMAGE, 1, Interpolation.LINEAR, Double.NaN))
                .withMessageContaining("value to fill with");
        refused(() -> Augment.randomRotation(IMAGE, -1, Interpolation.LINEAR, 0, random))
                .withMessageContaining("largest angle");
        refused(() -> new Affine().scale(0)).withMessageContaining("scale");
        refused(() -> new Affine().shear(90, 0)).withMessageContaining("shear");
        refused(() -> new RandomAffine().degrees(-1));
        refused(() -> new RandomAffine().translate(0, 1.5));
        refused(() -> new RandomAffine().scale(2, 1))
                .withMessage("RandomAffine: the largest scale must be at least the smallest, 2.0, got 1.0");
        refused(() -> new RandomAffine().shear(-1, 0));
        refused(() -> Augment.randomResizedCrop(IMAGE, 2, 2, 0.5, 0.4, random)).withMessageContaining("got 0.5 to 0.4");
        thrown(ShapeException.class, () -> Augment.randomResizedCrop(IMAGE, 0, 2, random))
                .withMessageContaining("got [0, 2]");
    }
}
