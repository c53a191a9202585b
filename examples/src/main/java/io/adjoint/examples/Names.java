package io.adjoint.examples;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Generator;
import io.adjoint.nn.Init;
import io.adjoint.nn.Layer;
import io.adjoint.nn.data.Batch;
import io.adjoint.nn.data.Collate;
import io.adjoint.nn.data.DataLoader;
import io.adjoint.nn.data.Dataset;
import io.adjoint.nn.data.Vocabulary;
import io.adjoint.nn.loss.CrossEntropy;
import io.adjoint.nn.optim.AdamW;
import io.adjoint.nn.optim.OneCycle;
import io.adjoint.nn.train.Outcome;
import io.adjoint.nn.train.Trainer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Trains a language model of class names: a network that predicts each letter from the letters before it, and so can invent names. */
public final class Names extends Training {
    /** Every tenth of the sorted names is held out for testing. */
    private static final int EVERY = 10;

    private static final int BATCH = 32;
    private static final int LONGEST_INVENTED = 60;
    private static final CrossEntropy CROSS_ENTROPY = new CrossEntropy();

    private final Vocabulary letters;
    private final List<String> names =
            JdkNames.all().stream().map(JdkNames.Name::simple).distinct().toList();
    private final List<Batch> train = new ArrayList<>();
    private final Batch test;
    private final Layer model;
    private final Parts<Batch> parts;

    Names(TextOptions options) {
        super(options, options.transformer() ? 10 : 12);
        letters = Letters.vocabulary(names);
        List<Batch> heldOut = new ArrayList<>();
        for (int k = 0; k < names.size(); k++) {
            (k % EVERY == 0 ? heldOut : train).add(sample(names.get(k)));
        }
        test = pad(heldOut);
        Init init = new Init(rng).dtype(options.dtype());
        model = options.transformer()
                ? new NextLetter.Attentive(letters.size(), init)
                : new NextLetter.Recurrent(letters.size(), init);
        double maxRate = options.transformer() ? 3e-3 : 5e-3;
        AdamW optimizer = new AdamW(model.parameters(), maxRate);
        Dataset<Batch> some = Dataset.of(train).slice(0, options.samples(train.size()));
        DataLoader<Batch> batches = new DataLoader<>(some, BATCH, Names::pad).shuffle(rng);
        Trainer<Batch> trainer = Trainer.of(model, optimizer, this::outcome)
                .scheduleOver(steps -> new OneCycle(maxRate, steps))
                .clipNorm(1)
                .validate("test", List.of(test));
        parts = new Parts<>(model, optimizer, batches, trainer);
    }

    /** The sample of a name with {@link Letters#END} before and behind it: the input lacks the last letter, and the target the first. */
    private Batch sample(String name) {
        List<String> text = new ArrayList<>(Letters.of(name));
        text.add(0, Letters.END);
        text.add(Letters.END);
        Tensor numbers = letters.encode(text);
        return new Batch(numbers.slice(0, 0, text.size() - 1), numbers.slice(0, 1, text.size()));
    }

    /** Pads names to one length and stacks them; the loss ignores targets of −100. */
    private static Batch pad(List<Batch> samples) {
        return new Batch(
                Collate.pad(samples, Batch::x, 0).values(),
                Collate.pad(samples, Batch::y, -100).values());
    }

    /** Runs it; see {@code --help}. */
    public static void main(String[] args) {
        ExampleProgram.run(
                "Learns the names of the JDK's classes, and generates new ones.", new TextOptions(), Names::new, args);
    }

    /** The mean of −ln p over all letters, including the end of each name, where p is the probability that the model gives the letter. */
    private Outcome outcome(Batch batch) {
        Tensor logits = model.forward(batch.x());
        return Outcome.of(
                CROSS_ENTROPY, logits.reshape(-1, letters.size()), batch.y().flatten());
    }

    /** Draws a name letter by letter; a letter is drawn with the probability that the model gives it. */
    private String invent(Generator generator) {
        List<String> text = new ArrayList<>(List.of(Letters.END));
        do {
            Tensor logits = model.forward(letters.encode(text).unsqueeze(0));
            Tensor upTo = logits.select(1, -1).softmax(1).cumsum(1);
            int letter = (int) upTo.le(generator.nextDouble()).sum().item();
            text.add(letters.token(Math.min(letter, letters.size() - 1)));
        } while (text.size() <= LONGEST_INVENTED && !text.get(text.size() - 1).equals(Letters.END));
        return String.join("", text);
    }

    /** The loss of a bigram model, which predicts a letter by the counts of the pairs of letters in the training data. */
    private double bigrams() {
        int size = letters.size();
        double[][] counts = new double[size][size];
        for (Batch name : train) {
            int[] from = name.x().data().toIntArray();
            int[] to = name.y().data().toIntArray();
            for (int k = 0; k < from.length; k++) {
                counts[from[k]][to[k]]++;
            }
        }
        Tensor logits = Tensor.of(counts).add(0.1).log();
        Tensor seen = logits.indexSelect(0, test.x().flatten());
        return CROSS_ENTROPY.forward(seen, test.y().flatten()).item();
    }

    @Override
    String baseline() {
        return String.format(Locale.ROOT, "Baseline: letter pairs have a loss of %.2f nats per character", bigrams());
    }

    @Override
    Figure test() {
        double loss = parts.trainer().evaluate(List.of(test)).loss();
        Generator generator = new Generator(1);
        System.out.println("Generated names:");
        for (int k = 0; k < 12; k++) {
            String name = invent(generator);
            System.out.println("  " + name + (names.contains(name) ? " (exists)" : ""));
        }
        return new Figure("loss in nats per character", loss, String.format(Locale.ROOT, "%.3f", loss));
    }

    @Override
    Parts<Batch> parts() {
        return parts;
    }
}
