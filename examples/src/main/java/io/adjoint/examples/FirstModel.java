package io.adjoint.examples;

import io.adjoint.core.Generator;
import io.adjoint.io.Safetensors;
import io.adjoint.io.SafetensorsOptions;
import io.adjoint.nn.Sequential;
import io.adjoint.nn.data.Batch;
import io.adjoint.nn.data.Csv;
import io.adjoint.nn.data.CsvOptions;
import io.adjoint.nn.data.CsvRow;
import io.adjoint.nn.data.DataLoader;
import io.adjoint.nn.data.Dataset;
import io.adjoint.nn.data.TableSchema;
import io.adjoint.nn.layer.Columns;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.layer.FillMissing;
import io.adjoint.nn.layer.OneHot;
import io.adjoint.nn.layer.ReLU;
import io.adjoint.nn.layer.Standardize;
import io.adjoint.nn.loss.CrossEntropy;
import io.adjoint.nn.metric.Accuracy;
import io.adjoint.nn.optim.AdamW;
import io.adjoint.nn.train.Trainer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Learns the species of penguins from a CSV file, and saves the model. */
public final class FirstModel {
    private FirstModel() {}

    /** Takes two paths: the CSV file and the file for the model. */
    public static void main(String[] args) {
        Generator rng = new Generator(1);

        // Rows to train with, rows that tell when to stop, and rows for the test.
        Csv csv = Csv.read(Path.of(args[0]), new CsvOptions().missing("NA"));
        List<Dataset<CsvRow>> rows = csv.rows().stratifiedSplit(row -> row.text("species"), rng, 0.6, 0.2, 0.2);

        // The columns, by their names. The categories are learned from the training rows.
        TableSchema schema = new TableSchema()
                .numbers("bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g")
                .categories(rows.get(0), "island", "sex")
                .targetCategory(rows.get(0), "species");
        Batch train = schema.batch(rows.get(0));
        Batch validation = schema.batch(rows.get(1));
        Batch test = schema.batch(rows.get(2));

        // The model, whose first layer learns means and deviations from the training rows.
        Sequential model = model(schema, rng);
        ((Columns) model.get(0)).fit(train.x());

        Trainer<Batch> trainer = Trainer.of(model, new AdamW(model.parameters(), 0.01), new CrossEntropy())
                .metrics(new Accuracy())
                .validate(List.of(validation))
                .patience(10)
                .restoreBest();
        trainer.fit(new DataLoader<>(Dataset.of(train), 32).shuffle(rng), 200);
        System.out.println("epochs: " + trainer.epochs());
        System.out.println("test: " + trainer.evaluate(List.of(test)));

        // One file has the weights and the schema.
        Safetensors.save(
                Path.of(args[1]), model.state(), new SafetensorsOptions().metadata(Map.of("schema", schema.text())));
    }

    /** The network for a table, also for the service. */
    static Sequential model(TableSchema schema, Generator rng) {
        int[] categories = schema.sizes();
        int all = schema.columns().size();
        int numbers = all - categories.length;
        Columns columns = new Columns()
                .add(0, numbers, new Sequential(new FillMissing(numbers), new Standardize(numbers)))
                .add(numbers, all, new OneHot(categories));
        int width = numbers + IntStream.of(categories).sum();
        return new Sequential(
                columns,
                new Dense(width, 16, rng),
                new ReLU(),
                new Dense(16, schema.classes().size(), rng));
    }
}
