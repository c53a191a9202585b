package io.adjoint.examples;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.Generator;
import io.adjoint.nn.Init;
import io.adjoint.nn.data.Collate;
import io.adjoint.nn.data.DataLoader;
import io.adjoint.nn.data.Dataset;
import io.adjoint.nn.data.Padded;
import io.adjoint.nn.data.Vocabulary;
import io.adjoint.nn.loss.CrossEntropy;
import io.adjoint.nn.optim.Adam;
import io.adjoint.nn.optim.OneCycle;
import io.adjoint.nn.train.Evaluator;
import io.adjoint.nn.train.Outcome;
import io.adjoint.nn.train.Trainer;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** Trains a transformer with an encoder and a decoder to translate dates from many formats to ISO 8601. */
public final class Translate extends Training {
    private static final int HELD_OUT = 1000;
    private static final int BATCH = 64;
    private static final double LEARNING_RATE = 3e-3;
    private static final int LONGEST = 60;
    /** The length of a date such as 2024-02-29. */
    private static final int ISO = 10;

    private static final CrossEntropy CROSS_ENTROPY = new CrossEntropy();

    private final Vocabulary target = Letters.vocabulary(List.of("0123456789-"));
    private final List<Sample> test;
    private final Translator model;
    private final Parts<Samples> parts;

    /** The arguments of this example. */
    static final class Options extends TypedOptions {
        @Option(names = "--samples", converter = Positive.class, description = "The number of training dates.")
        private int samples = 12_000;

        Options() {
            super(DType.FLOAT32);
        }
    }

    /**
     * A date.
     *
     * @param written the date as a person writes it
     * @param text the numbers of its letters in the vocabulary, INT32 {@code [T]}
     * @param iso the numbers of the letters of its translation, INT32 {@code [ISO]}
     */
    private record Sample(String written, Tensor text, Tensor iso) {}

    private record Samples(Padded text, Tensor iso) {
        static Samples of(List<Sample> samples) {
            return new Samples(Collate.pad(samples, Sample::text, 0), Collate.stack(samples, Sample::iso));
        }
    }

    Translate(Options options) {
        super(options, 6);
        Map<String, LocalDate> dates = Dates.draw(HELD_OUT + options.samples, new Generator(0));
        Vocabulary letters = Letters.vocabulary(dates.keySet());
        List<Sample> samples = new ArrayList<>();
        dates.forEach((written, date) -> samples.add(
                new Sample(written, letters.encode(Letters.of(written)), target.encode(Letters.of(date.toString())))));
        test = samples.subList(0, HELD_OUT);
        Dataset<Sample> train = Dataset.of(samples.subList(HELD_OUT, samples.size()));
        DataLoader<Samples> batches = new DataLoader<>(train, BATCH, Samples::of).shuffle(rng);
        model = new Translator(letters.size(), LONGEST, target.size(), ISO, new Init(rng).dtype(options.dtype()));
        Adam optimizer = new Adam(model.parameters(), LEARNING_RATE);
        Trainer<Samples> trainer = Trainer.of(model, optimizer, this::outcome)
                .scheduleOver(steps -> new OneCycle(LEARNING_RATE, steps))
                .clipNorm(1);
        parts = new Parts<>(model, optimizer, batches, trainer);
    }

    /** Runs it; see {@code --help}. */
    public static void main(String[] args) {
        ExampleProgram.run("Translates dates to ISO 8601 with a transformer.", new Options(), Translate::new, args);
    }

    /** The loss with teacher forcing: during training the decoder's input is the right letters so far, not the letters that it predicts. */
    private Outcome outcome(Samples batch) {
        Tensor before = Tensor.concat(1, start(batch.iso()), batch.iso().slice(1, 0, ISO - 1));
        Tensor logits = model.decode(model.encode(batch.text()), before);
        return Outcome.of(
                CROSS_ENTROPY, logits.reshape(-1, target.size()), batch.iso().flatten());
    }

    /** The first input of the decoder, {@link Letters#END} for each text: {@code [N, 1]} zeros. */
    private static Tensor start(Tensor batch) {
        return Tensor.zeros(DType.INT32, batch.shape().dim(0), 1);
    }

    /** Translates texts to {@code [N, ISO]} letters; each letter is the most likely one, by the decoder, after the letters before it. */
    private Tensor translate(Padded text) {
        return Evaluator.evaluating(model, () -> {
            Translator.Memory memory = model.encode(text);
            Tensor written = start(text.values());
            for (int k = 0; k < ISO; k++) {
                Tensor next = model.decode(memory, written).select(1, -1).argMax(1);
                written = Tensor.concat(1, written, next.unsqueeze(1));
            }
            return written.slice(1, 1, ISO + 1);
        });
    }

    @Override
    String baseline() {
        return "Baseline: of " + HELD_OUT + " held-out dates, "
                + Dates.parsed(test.stream().map(Sample::written).toList())
                + " are parsed by java.time's formats for English";
    }

    /** The fraction of right letters in the translations of the first held-out texts. */
    double lettersRight(int texts) {
        Samples some = Samples.of(test.subList(0, texts));
        return translate(some.text()).eq(some.iso()).mean().item();
    }

    @Override
    Figure test() {
        Samples all = Samples.of(test);
        Tensor translated = translate(all.text());
        Tensor right = translated.eq(all.iso()).to(DType.FLOAT64).amin(1);
        for (int k = 0; k < 10; k++) {
            String iso = String.join("", target.decode(translated.select(0, k)));
            System.out.printf(
                    "%36s  %s%s%n",
                    test.get(k).written(), iso, right.select(0, k).item() == 1 ? "" : "  (wrong)");
        }
        return Figure.percent("exact translations", right.mean().item());
    }

    @Override
    Parts<Samples> parts() {
        return parts;
    }
}
