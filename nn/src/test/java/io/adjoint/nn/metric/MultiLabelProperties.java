package io.adjoint.nn.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Tests that figures of samples with several labels don't depend on how the samples are divided into batches. */
class MultiLabelProperties {
    private enum Score {
        PRECISION {
            @Override
            ClassScore<?> metric(Average average) {
                return new Precision(average).ofLogits().multiLabel();
            }

            @Override
            double of(double hits, double misses, double falseAlarms) {
                return hits == 0 ? 0 : hits / (hits + falseAlarms);
            }
        },
        RECALL {
            @Override
            ClassScore<?> metric(Average average) {
                return new Recall(average).ofLogits().multiLabel();
            }

            @Override
            double of(double hits, double misses, double falseAlarms) {
                return hits == 0 ? 0 : hits / (hits + misses);
            }
        },
        F1 {
            @Override
            ClassScore<?> metric(Average average) {
                return new io.adjoint.nn.metric.F1(average).ofLogits().multiLabel();
            }

            @Override
            double of(double hits, double misses, double falseAlarms) {
                return hits == 0 ? 0 : hits / (hits + (misses + falseAlarms) / 2);
            }
        };

        abstract ClassScore<?> metric(Average average);

        abstract double of(double hits, double misses, double falseAlarms);

        /** The score of some elements, given by their indices. */
        final double of(double[] scores, int[] targets, List<Integer> elements) {
            ToDoubleFunction<String> count = kind -> elements.stream()
                    .filter(k -> kind.equals((scores[k] > 0 ? "predicted" : "") + (targets[k] == 1 ? "actual" : "")))
                    .count();
            return of(
                    count.applyAsDouble("predictedactual"),
                    count.applyAsDouble("actual"),
                    count.applyAsDouble("predicted"));
        }
    }

    @Property
    void figuresAreThoseOfAllSamplesAtOnce(
            @ForAll Score score,
            @ForAll @IntRange(min = 1, max = 20) int samples,
            @ForAll @IntRange(min = 1, max = 5) int labels,
            @ForAll @IntRange(max = 10) int rarity,
            @ForAll Random random) {
        double[] scores = random.doubles((long) samples * labels, -rarity, 3).toArray();
        int[] targets = random.ints((long) samples * labels, 0, rarity + 2)
                .map(n -> n == 0 ? 1 : 0)
                .toArray();
        List<List<Integer>> columns = groups(labels, samples, (label, n) -> n * labels + label);
        List<List<Integer>> rows = groups(samples, labels, (n, label) -> n * labels + label);
        double[] each = columns.stream()
                .mapToDouble(column -> score.of(scores, targets, column))
                .toArray();
        double[] weights = columns.stream()
                .mapToDouble(column -> column.stream().mapToInt(k -> targets[k]).sum())
                .toArray();
        double weight = Arrays.stream(weights).sum();
        double weighted = 0;
        for (int label = 0; label < labels; label++) {
            weighted += weight == 0 ? 0 : each[label] * weights[label] / weight;
        }

        assertFigure(score, Average.MACRO, Arrays.stream(each).average().orElseThrow(), each, scores, targets, random);
        assertFigure(
                score,
                Average.MICRO,
                score.of(scores, targets, rows.stream().flatMap(List::stream).toList()),
                each,
                scores,
                targets,
                random);
        assertFigure(score, Average.WEIGHTED, weighted, each, scores, targets, random);
        double ofSamples = rows.stream()
                .mapToDouble(row -> score.of(scores, targets, row))
                .average()
                .orElseThrow();
        assertFigure(score, Average.SAMPLES, ofSamples, each, scores, targets, random);
    }

    private interface Position {
        int of(int group, int member);
    }

    private static List<List<Integer>> groups(int count, int size, Position position) {
        List<List<Integer>> groups = new ArrayList<>();
        for (int group = 0; group < count; group++) {
            List<Integer> members = new ArrayList<>();
            for (int member = 0; member < size; member++) {
                members.add(position.of(group, member));
            }
            groups.add(members);
        }
        return groups;
    }

    /** Checks a figure of all samples in one batch and, after a reset, in several batches, some of them empty. */
    private static void assertFigure(
            Score score,
            Average average,
            double expected,
            double[] each,
            double[] scores,
            int[] targets,
            Random random) {
        int labels = each.length;
        int samples = scores.length / labels;
        Tensor prediction = Tensor.of(scores).reshape(samples, labels);
        Tensor target = Tensor.of(targets).reshape(samples, labels);
        ClassScore<?> metric = score.metric(average);
        metric.update(prediction, target);
        double whole = metric.value();
        assertThat(whole).as("%s %s", score, average).isCloseTo(expected, within(1e-12));
        assertThat(metric.perClass().shape()).isEqualTo(Shape.of(labels));
        for (int label = 0; label < labels; label++) {
            assertThat(metric.perClass().get(label)).isCloseTo(each[label], within(1e-12));
        }

        metric.reset();
        assertThat(metric.value()).isNaN();
        int from = 0;
        while (from < samples) {
            int to = Math.min(samples, from + random.nextInt(4));
            metric.update(prediction.slice(0, from, to), target.slice(0, from, to));
            from = to;
        }
        assertThat(metric.value()).as("the same bits in batches").isEqualTo(whole);
    }
}
