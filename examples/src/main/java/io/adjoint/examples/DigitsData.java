package io.adjoint.examples;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.nn.data.Batch;
import java.io.IOException;
import java.io.InputStream;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;

/**
 * The 1,797 handwritten digits of {@code digits.csv.gz}, 1,437 to train with and 360 held out.
 *
 * <p>An image is 64 grey values from 0 to 1, row by row; its target is the INT32 digit that it shows.
 *
 * @param train the images to train with, {@code [1437, 64]} and {@code [1437]}
 * @param test the images held out, {@code [360, 64]} and {@code [360]}
 */
record DigitsData(Batch train, Batch test) {
    static final int CLASSES = 10;
    static final int PIXELS = 64;

    private static final double INK = 16;
    private static final int EVERY = 5;

    /** Reads the file and splits it. */
    static DigitsData load() throws IOException {
        List<CsvRecord> rows = read();
        double[] pixels = rows.stream()
                .flatMap(row -> row.getFields().subList(0, PIXELS).stream())
                .mapToDouble(value -> Double.parseDouble(value) / INK)
                .toArray();
        int[] labels = rows.stream()
                .mapToInt(row -> Integer.parseInt(row.getField(PIXELS)))
                .toArray();
        NdArray x = NdArray.wrap(Shape.of(rows.size(), PIXELS), pixels);
        NdArray y = NdArray.of(Shape.of(rows.size()), labels);
        TreeSet<Integer> held = heldOut(labels);
        return new DigitsData(
                select(x, y, IntStream.range(0, labels.length).filter(row -> !held.contains(row))),
                select(x, y, held.stream().mapToInt(row -> row)));
    }

    private static List<CsvRecord> read() throws IOException {
        InputStream file = Objects.requireNonNull(DigitsData.class.getResourceAsStream("digits/digits.csv.gz"));
        try (CsvReader<CsvRecord> csv = CsvReader.builder().ofCsvRecord(new GZIPInputStream(file))) {
            return csv.stream().toList();
        }
    }

    /**
     * The rows that are held out: lined up by digit, and for each digit in the order of the file, it is the first and then every
     * fifth. So every class keeps its share, and nothing about the split is random.
     */
    static TreeSet<Integer> heldOut(int[] labels) {
        List<Integer> line = IntStream.range(0, labels.length)
                .boxed()
                .sorted(Comparator.comparingInt(row -> labels[row]))
                .toList();
        TreeSet<Integer> held = new TreeSet<>();
        for (int k = 0; k < line.size(); k += EVERY) {
            held.add(line.get(k));
        }
        return held;
    }

    private static Batch select(NdArray x, NdArray y, IntStream rows) {
        int[] numbers = rows.toArray();
        NdArray index = NdArray.of(Shape.of(numbers.length), numbers);
        return new Batch(Tensor.of(x.indexSelect(0, index)), Tensor.of(y.indexSelect(0, index)));
    }
}
