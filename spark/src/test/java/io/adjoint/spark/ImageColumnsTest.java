package io.adjoint.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.adjoint.core.Generator;
import io.adjoint.core.Shape;
import io.adjoint.nn.data.Images;
import io.adjoint.nn.layer.Identity;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.apache.spark.ml.image.ImageSchema;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Images as Spark's image source reads them. */
@ExtendWith(LocalSpark.class)
class ImageColumnsTest {
    private static final int COUNT = 24;

    @TempDir
    static Path folder;

    /** Writes images that are mainly red or mainly blue. */
    @BeforeAll
    static void write() throws IOException {
        Generator rng = new Generator(3);
        for (int k = 0; k < COUNT; k++) {
            BufferedImage image = new BufferedImage(6, 5, BufferedImage.TYPE_INT_RGB);
            for (int at = 0; at < 30; at++) {
                int strong = 128 + rng.nextInt(128);
                int weak = rng.nextInt(128);
                int green = rng.nextInt(256);
                image.setRGB(
                        at % 6,
                        at / 6,
                        k % 2 == 0 ? strong << 16 | green << 8 | weak : weak << 16 | green << 8 | strong);
            }
            ImageIO.write(
                    image,
                    "png",
                    Files.createDirectories(folder.resolve("images"))
                            .resolve(String.format("%02d.png", k))
                            .toFile());
        }
    }

    private static Dataset<Row> images() {
        return LocalSpark.session()
                .read()
                .format("image")
                .load(folder.resolve("images").toUri().toString())
                .withColumn("label", functions.expr("int(substring(image.origin, -6, 2)) % 2"))
                .orderBy("image.origin");
    }

    private static NeuralTransformer identity(int... sizes) {
        return new NeuralTransformer((inputs, outputs, rng) -> new Identity(), Shape.of(sizes), 1, Map.of())
                .setInputCol("image");
    }

    private static Dataset<Row> image(int height, int width, int channels, int mode, int... bytes) {
        byte[] data = new byte[bytes.length];
        for (int k = 0; k < bytes.length; k++) {
            data[k] = (byte) bytes[k];
        }
        return LocalSpark.session()
                .createDataFrame(
                        List.of(RowFactory.create(RowFactory.create("there", height, width, channels, mode, data))),
                        ImageSchema.imageSchema());
    }

    @Test
    void imagesAreRedGreenAndBluePlanesFromZeroToOne() {
        List<Row> rows = identity(3, 5, 6).transform(images()).collectAsList();
        assertThat(rows).hasSize(COUNT);
        for (int k = 0; k < COUNT; k++) {
            double[] expected = new Images()
                    .read(folder.resolve(String.format("images/%02d.png", k)))
                    .data()
                    .toDoubleArray();
            assertThat(rows.get(k).<Vector>getAs("output").toArray()).containsExactly(expected, within(1e-7));
        }
    }

    @Test
    void grayImagesHaveOneChannelAndTransparentOnesFour() {
        assertThat(identity(1, 1, 2)
                        .transform(image(1, 2, 1, 0, 51, 255))
                        .first()
                        .<Vector>getAs("output")
                        .toArray())
                .containsExactly(0.2, 1);
        assertThat(identity(4, 1, 2)
                        .transform(image(1, 2, 4, 24, 0, 51, 102, 153, 204, 255, 0, 51))
                        .first()
                        .<Vector>getAs("output")
                        .toArray())
                .containsExactly(0.4, 0, 0.2, 1, 0, 0.8, 0.6, 0.2);
    }

    @Test
    void aClassifierOfImagesIsTrainedAndSaved(@TempDir Path models) throws Exception {
        NeuralClassifier classifier = new NeuralClassifier()
                .setModelFactory(new Cnn())
                .setFeaturesCol("image")
                .setBatchSize(8)
                .setEpochs(20)
                .setLearningRate(0.03);
        NeuralClassificationModel model = classifier.fit(images());
        assertThat(model.inputShape()).isEqualTo(Shape.of(3, 5, 6));
        assertThat(model.numFeatures()).isEqualTo(90);
        assertThat(NeuralClassifierTest.weights(
                        classifier.setWorkers(2).fit(images().repartition(3).orderBy("image.origin"))))
                .isEqualTo(NeuralClassifierTest.weights(model));
        model.save(models + "/model");
        NeuralClassificationModel loaded = NeuralClassificationModel.load(models + "/model");
        assertThat(loaded.inputShape()).isEqualTo(Shape.of(3, 5, 6));
        assertThat(loaded.transform(images()).filter("prediction = label").count())
                .isEqualTo(COUNT);
    }

    @Test
    void imagesThatDoNotFitAreToldInWords() {
        assertThatThrownBy(() -> identity(3, 5, 5).transform(images()).collectAsList())
                .hasStackTraceContaining(
                        "NeuralTransformer: a row has an image [3, 5, 6] in the column 'image', but the model takes an"
                                + " image [3, 5, 5]");
        assertThatThrownBy(() -> identity(90).transform(images()).collectAsList())
                .hasStackTraceContaining(
                        "a row has an image [3, 5, 6] in the column 'image', but the model takes 90 features");
        assertThatThrownBy(
                        () -> identity(3, 1, 1).transform(image(-1, -1, -1, -1)).collectAsList())
                .hasStackTraceContaining("the image there could not be read; leave such out by the option dropInvalid");
        assertThatThrownBy(() -> identity(1, 1, 1)
                        .transform(image(1, 1, 1, 5, 0, 0, 0, 0))
                        .collectAsList())
                .hasStackTraceContaining(
                        "the image there has the mode 5 and 4 bytes for 1 channels of 1 by 1, but must have 8 bits"
                                + " a channel");
        Dataset<Row> sizes =
                image(1, 2, 1, 0, 51, 255).union(image(2, 1, 1, 0, 51, 255)).withColumn("label", functions.lit(0));
        assertThatThrownBy(() -> new NeuralClassifier()
                        .setModelFactory(new Cnn())
                        .setFeaturesCol("image")
                        .fit(sizes))
                .hasMessageContaining(
                        "NeuralClassifier: rows have images of sizes from [1, 1, 1] to [1, 2, 2]; scale them to the same size");
    }

    @Test
    void arraysOfAnyNumbersAreFeatures() {
        for (String type : List.of("tinyint", "smallint", "int", "bigint", "float", "double", "decimal(4,1)")) {
            Dataset<Row> row = LocalSpark.session()
                    .range(1)
                    .select(functions.expr("array(cast(1.0 as " + type + "), cast(-3.0 as " + type + ")) as image"));
            assertThat(identity(2)
                            .transform(row)
                            .first()
                            .<Vector>getAs("output")
                            .toArray())
                    .as(type)
                    .containsExactly(1, -3);
        }
    }
}
