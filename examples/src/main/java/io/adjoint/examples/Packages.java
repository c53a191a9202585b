package io.adjoint.examples;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.examples.JdkNames.Name;
import io.adjoint.nn.Init;
import io.adjoint.nn.data.Batch;
import io.adjoint.nn.data.Collate;
import io.adjoint.nn.data.DataLoader;
import io.adjoint.nn.data.Dataset;
import io.adjoint.nn.data.Padded;
import io.adjoint.nn.data.Vocabulary;
import io.adjoint.nn.loss.CrossEntropy;
import io.adjoint.nn.metric.Accuracy;
import io.adjoint.nn.optim.AdamW;
import io.adjoint.nn.optim.OneCycle;
import io.adjoint.nn.train.Outcome;
import io.adjoint.nn.train.Trainer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Trains a classifier of texts: a network reads the name of a JDK class letter by letter, and predicts the package of the class. */
public final class Packages extends Training {
    private static final int CLASSES = 12;
    /** Every fifth of the sorted names is held out for testing. */
    private static final int EVERY = 5;

    private static final int BATCH = 32;
    private static final CrossEntropy CROSS_ENTROPY = new CrossEntropy();

    private final Vocabulary letters;
    private final List<Sample> train = new ArrayList<>();
    private final List<Sample> test = new ArrayList<>();
    private final TextClassifier model;
    private final Parts<Samples> parts;

    /**
     * A name and its class.
     *
     * @param letters the numbers of the letters, INT32 {@code [L]}
     */
    private record Sample(Tensor letters, int label) {}

    /**
     * Some names and their classes.
     *
     * @param letters INT32 {@code [N, T]}
     * @param labels INT32 {@code [N]}
     */
    private record Samples(Padded letters, Tensor labels) {
        static Samples of(List<Sample> samples) {
            return new Samples(Collate.pad(samples, Sample::letters, 0), Collate.ints(samples, Sample::label));
        }
    }

    Packages(TextOptions options) {
        super(options, options.transformer() ? 12 : 20);
        List<Name> names = JdkNames.all();
        Map<String, Integer> sizes = new TreeMap<>();
        names.forEach(name -> sizes.merge(name.area(), 1, Integer::sum));
        Vocabulary areas = Vocabulary.of(sizes.keySet().stream()
                .sorted(Comparator.comparing(area -> -sizes.getOrDefault(area, 0)))
                .limit(CLASSES)
                .toList());
        List<Name> used =
                names.stream().filter(name -> areas.contains(name.area())).toList();
        letters = Letters.vocabulary(used.stream().map(Name::simple).toList());
        for (int k = 0; k < used.size(); k++) {
            Name name = used.get(k);
            (k % EVERY == 0 ? test : train)
                    .add(new Sample(letters.encode(Letters.of(name.simple())), areas.index(name.area())));
        }
        Init init = new Init(rng).dtype(options.dtype());
        model = options.transformer()
                ? new TextClassifier.Attentive(letters.size(), CLASSES, init)
                : new TextClassifier.Recurrent(letters.size(), CLASSES, init);
        double maxRate = options.transformer() ? 3e-3 : 5e-3;
        AdamW optimizer = new AdamW(model.parameters(), maxRate);
        Dataset<Sample> some = Dataset.of(train).slice(0, options.samples(train.size()));
        DataLoader<Samples> batches = new DataLoader<>(some, BATCH, Samples::of).shuffle(rng);
        Trainer<Samples> trainer = Trainer.of(model, optimizer, this::outcome)
                .scheduleOver(steps -> new OneCycle(maxRate, steps))
                .clipNorm(1)
                .metrics(new Accuracy())
                .validate("test", List.of(Samples.of(test)));
        parts = new Parts<>(model, optimizer, batches, trainer);
    }

    /** Runs it; see {@code --help}. */
    public static void main(String[] args) {
        ExampleProgram.run("Predicts the package of a class from its name.", new TextOptions(), Packages::new, args);
    }

    private Outcome outcome(Samples batch) {
        return Outcome.of(CROSS_ENTROPY, model.forward(batch.letters()), batch.labels());
    }

    /** The inputs of the baseline, the counts of each letter in each name {@code [N, letters]}, with the classes. */
    private Batch counts(List<Sample> samples) {
        Samples all = Samples.of(samples);
        Tensor numbers = Tensor.arange(letters.size()).to(DType.INT32);
        Tensor counts = all.letters().values().unsqueeze(2).eq(numbers).sum(1).to(DType.FLOAT64);
        return new Batch(counts.slice(1, 1, letters.size()), all.labels());
    }

    @Override
    String baseline() {
        double largest = Samples.of(test).labels().eq(0).mean().item();
        return String.format(Locale.ROOT, "Baseline: the most frequent package is correct for %.1f %%%n", 100 * largest)
                + NearestMean.baseline(counts(train), counts(test), CLASSES);
    }

    @Override
    Figure test() {
        return Figure.percent(
                "accuracy", parts.trainer().evaluate(List.of(Samples.of(test))).value("Accuracy"));
    }

    @Override
    Parts<Samples> parts() {
        return parts;
    }
}
