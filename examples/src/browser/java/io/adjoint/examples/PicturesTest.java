package io.adjoint.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.equations.OdeSolution;
import io.adjoint.core.DType;
import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.distributions.Normal;
import io.adjoint.nn.Layer;
import io.adjoint.nn.Sequential;
import io.adjoint.nn.data.Batch;
import io.adjoint.nn.data.DataLoader;
import io.adjoint.nn.data.Dataset;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.layer.ReLU;
import io.adjoint.nn.loss.CrossEntropy;
import io.adjoint.nn.metric.Accuracy;
import io.adjoint.nn.optim.Adam;
import io.adjoint.nn.optim.CosineAnnealing;
import io.adjoint.nn.optim.CosineRestarts;
import io.adjoint.nn.optim.ExponentialDecay;
import io.adjoint.nn.optim.OneCycle;
import io.adjoint.nn.optim.Schedule;
import io.adjoint.nn.optim.StepDecay;
import io.adjoint.nn.optim.WarmUp;
import io.adjoint.nn.train.Trainer;
import io.adjoint.view.BroadcastPage;
import io.adjoint.view.Browser;
import io.adjoint.view.ChainRulePages;
import io.adjoint.view.CurvePage;
import io.adjoint.view.ImagePage;
import io.adjoint.view.LivePage;
import io.adjoint.view.Report;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Collectors;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;
import org.openqa.selenium.interactions.Actions;

/**
 * Makes the pictures of the documentation, all in docs/pictures, each for light and dark readers: parts of pages in Chromium.
 *
 * <pre>{@code
 * mvn test -Pbrowser -pl examples -am -Dtest=PicturesTest -Dadjoint.pages=write
 * }</pre>
 */
@EnabledIfSystemProperty(named = "adjoint.pages", matches = "write")
class PicturesTest extends Browser {
    private static final Path PICTURES = Path.of("..", "docs", "pictures");
    private static final int MARGIN = 8;
    /** The largest size of a file, in bytes. */
    private static final int LARGEST = 70_000;

    private static final int COLOURS = 32;
    /** About the width of a page's text on GitHub and GitLab, in pixels of CSS. */
    private static final int WIDTH = 840;

    @TempDir
    private Path folder = Path.of("");

    @Test
    void aReport() throws IOException {
        Path page = folder.resolve("digits.html");
        Digits.main(new String[] {"--report", page.toString()});
        picture("report", page.toUri().toString(), WIDTH, 1, "body", "#curves .chart:nth-of-type(2)", () -> {});
    }

    /** The training of docs/seeing.md, with more epochs. */
    @Test
    void aLivePage() {
        Generator rng = new Generator(1);
        Tensor points = Tensor.randn(rng, 600, 2);
        Tensor kinds = points.gt(0).to(DType.INT32).sum(1);
        List<Dataset<Batch>> parts = Dataset.of(points, kinds).split(rng, 0.8, 0.2);
        DataLoader<Batch> train = new DataLoader<>(parts.get(0), 32).shuffle(rng);
        Layer model = new Sequential(new Dense(2, 32, rng), new ReLU(), new Dense(32, 3, rng));
        Trainer<Batch> trainer = Trainer.of(model, new Adam(model.parameters(), 1e-2), new CrossEntropy())
                .metrics(new Accuracy())
                .validate(new DataLoader<>(parts.get(1), 256));
        try (LivePage page = LivePage.of(new Report("Quadrants"))) {
            trainer.log(page).onEpoch(epoch -> {
                if (epoch.number() == 31) {
                    String address = page.address().toString();
                    picture(
                            "live",
                            address,
                            WIDTH,
                            1,
                            "body",
                            "#curves .chart:nth-of-type(2)",
                            () -> await(() -> find("header p").getText().startsWith("Running: epoch 3")));
                }
            });
            trainer.fit(train, 50);
        }
    }

    @Test
    void theChainRuleOfXor() {
        Path page = folder.resolve("xor.html");
        ChainRulePages.xor().write(page);
        picture("chain-rule", page.toUri().toString(), 1040, 1, ".loss", ".split", () -> {
            while (!find("#where").getText().contains("∂L/∂v3")) {
                new Actions(driver()).sendKeys(Keys.ARROW_RIGHT).perform();
            }
        });
    }

    @Test
    void schedules() {
        CurvePage page = new CurvePage("step", 100, 101);
        schedule(page, "StepDecay(0.1, 20).gamma(0.5)", new StepDecay(0.1, 20).gamma(0.5));
        schedule(page, "ExponentialDecay(0.1, 0.97)", new ExponentialDecay(0.1, 0.97));
        schedule(page, "CosineAnnealing(0.1, 100)", new CosineAnnealing(0.1, 100));
        schedule(page, "CosineRestarts(0.1, 25)", new CosineRestarts(0.1, 25));
        schedule(page, "WarmUp(new CosineAnnealing(0.1, 80), 20)", new WarmUp(new CosineAnnealing(0.1, 80), 20));
        schedule(page, "OneCycle(0.1, 100)", new OneCycle(0.1, 100));
        charts("schedules", 2, page);
    }

    private static void schedule(CurvePage page, String name, Schedule schedule) {
        page.curve(name, name, step -> schedule.at((long) step));
    }

    @Test
    void theSolutionOfTheOscillator() {
        Oscillator oscillator = new Oscillator(new ExampleOptions());
        oscillator.trainUntil(oscillator.epochs);
        DoubleUnaryOperator network =
                t -> oscillator.u(Tensor.of(Math.PI * t).reshape(1, 1)).item();
        DoubleUnaryOperator exact = t -> Math.sin(Math.PI * t);
        CurvePage page = new CurvePage("t / π", 2, 201);
        page.curve("u(t)", "network", network);
        page.curve("u(t)", "sin t", exact);
        page.curve("error", "network − sin t", t -> network.applyAsDouble(t) - exact.applyAsDouble(t));
        charts("oscillator", 2, page);
    }

    @Test
    void predatorsAndTheirPrey() {
        PredatorPrey training = new PredatorPrey(new ExampleOptions());
        training.trainUntil(training.epochs);
        CurvePage page = new CurvePage("t", PredatorPrey.END, 401);
        String[] species = {"prey", "predators"};
        for (int k = 0; k < species.length; k++) {
            course(page, species[k], "fitted", k, training.fitted());
            course(page, species[k], "true", k, PredatorPrey.TRUTH);
            course(page, species[k], "first guess", k, PredatorPrey.GUESS);
        }
        charts("predator-prey", 2, page);
    }

    private static void course(CurvePage page, String species, String name, int index, Tensor parameters) {
        OdeSolution<Tensor> solution = PredatorPrey.solution(parameters.detach());
        page.curve(species, name, t -> solution.at(t).select(0, index).item());
    }

    @Test
    void digitsOfAnAutoencoder() {
        VariationalAutoencoder training = new VariationalAutoencoder(new ExampleOptions());
        training.trainUntil(training.epochs);
        int images = 20;
        Tensor digits = training.test.slice(0, 0, 18 * images, 18);
        Map<String, NdArray> rows = new LinkedHashMap<>();
        rows.put("held-out digits", squares(digits));
        rows.put("restored", squares(training.restored(digits)));
        rows.put("drawn from the prior", squares(training.dreams(images, new Generator(1))));
        Path page = folder.resolve("autoencoder.html");
        ImagePage.write(page, rows);
        picture("autoencoder", page.toUri().toString(), 610, 2, ".images", ".images", () -> {});
    }

    private static NdArray squares(Tensor images) {
        return images.detach().unflatten(1, 8, 8).data();
    }

    @Test
    void theUncertaintyOfAForecast() {
        Uncertainty training = new Uncertainty(new ExampleOptions());
        training.trainUntil(training.epochs);
        Batch days = training.data.test();
        Normal forecast = training.forecast(days);
        CurvePage page = new CurvePage("day", 59, 60);
        for (int first : new int[] {0, 181}) {
            String chart = (first == 0 ? "January and February" : "July and August") + ": change, °C";
            curve(page, chart, "true", days.y().slice(0, first, first + 60));
            for (double probability : new double[] {0.05, 0.95}) {
                Tensor bound = forecast.icdf(Tensor.scalar(probability));
                curve(page, chart, "quantile " + probability, bound.slice(0, first, first + 60));
            }
        }
        charts("uncertainty", 2, page);
    }

    @Test
    void theTracesOfTheEightSchools() {
        List<Tensor> quantities =
                EightSchools.quantities(EightSchools.chains(new Nuts(EightSchools::logDensity, 1000, 1000), 1));
        CurvePage page = new CurvePage("draw", 150, 151);
        for (int k = 0; k < 2; k++) {
            for (int chain = 0; chain < 4; chain++) {
                curve(
                        page,
                        List.of("μ", "τ").get(k),
                        "chain " + (chain + 1),
                        quantities.get(k).select(0, chain));
            }
        }
        charts("traces", 1, page);
    }

    private static void curve(CurvePage page, String chart, String name, Tensor values) {
        page.curve(chart, name, k -> values.select(0, (int) k).item());
    }

    @Test
    void broadcasting() {
        Path page = folder.resolve("broadcasting.html");
        BroadcastPage.write(
                page,
                Tensor.of(new double[][] {{0}, {10}, {20}}).data(),
                Tensor.of(1, 2, 3, 4).data());
        picture("broadcasting", page.toUri().toString(), 580, 2, ".beside", ".beside", () -> {});
    }

    /** A picture of all charts of a page, with linear axes, and without buttons. */
    private void charts(String name, int scale, CurvePage page) {
        Path file = folder.resolve(name + ".html");
        page.write(file);
        picture(name, file.toUri().toString(), WIDTH, scale, ".charts", ".charts", () -> script("""
                for (const log of document.querySelectorAll("[aria-label^='Log axis'][aria-pressed=true]")) log.click();
                for (const each of document.querySelectorAll(".tools, .cursor")) each.remove();\
                """));
    }

    /**
     * Makes a picture, and its dark form, of a page from the top of its first to the bottom of its last element.
     *
     * @param name of the picture
     * @param page its address
     * @param width of the window, in pixels of CSS
     * @param scale the number of pixels of the picture in a pixel of CSS
     * @param first the selector of the first element
     * @param last the selector of the last element
     * @param act what to do on the page before
     */
    private void picture(String name, String page, int width, int scale, String first, String last, Runnable act) {
        try {
            Files.createDirectories(PICTURES);
            for (Look look : List.of(Look.WIDE, Look.WIDE_DARK)) {
                open(page, look);
                size(width, 900, scale);
                act.run();
                double top = edge(first, "top");
                double bottom = edge(last, "bottom");
                byte[] picture = capture(Map.of(
                        "captureBeyondViewport",
                        true,
                        "clip",
                        Map.of("x", 0, "y", top, "width", width, "height", bottom - top, "scale", 1)));
                Path file = PICTURES.resolve(name + (look == Look.WIDE ? ".png" : "-dark.png"));
                byte[] small = png(inFewColours(ImageIO.read(new ByteArrayInputStream(picture))));
                assertThat(small.length).as("bytes of %s", file).isLessThanOrEqualTo(LARGEST);
                Files.write(file, small);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A picture in its most frequent colours, of which a PNG needs a third of the bytes. */
    private static BufferedImage inFewColours(BufferedImage picture) {
        int width = picture.getWidth();
        int height = picture.getHeight();
        int[] pixels = picture.getRGB(0, 0, width, height, null, 0, width);
        int[] colours = Arrays.stream(pixels)
                .boxed()
                .collect(Collectors.groupingBy(colour -> colour, Collectors.counting()))
                .entrySet()
                .stream()
                .sorted(Map.Entry.<Integer, Long>comparingByValue().reversed())
                .limit(COLOURS)
                .mapToInt(Map.Entry::getKey)
                .toArray();
        IndexColorModel model = new IndexColorModel(8, colours.length, colours, 0, false, -1, DataBuffer.TYPE_BYTE);
        BufferedImage few = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_INDEXED, model);
        few.setRGB(0, 0, width, height, pixels, 0, width);
        return few;
    }

    /** A picture in the format PNG, compressed as far as the JDK can. */
    private static byte[] png(BufferedImage picture) throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
        ImageWriteParam options = writer.getDefaultWriteParam();
        options.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        options.setCompressionQuality(0);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
            writer.setOutput(out);
            writer.write(null, new IIOImage(picture, null, null), options);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }

    /** The top or bottom of an element in the page, with a margin. */
    private static double edge(String selector, String name) {
        Object at = script(
                "return document.querySelector(arguments[0]).getBoundingClientRect()[arguments[1]]", selector, name);
        double margin = name.equals("top") ? -MARGIN : MARGIN;
        return Math.max(0, ((Number) Objects.requireNonNull(at)).doubleValue() + margin);
    }
}
