package io.adjoint.nn;

import static io.adjoint.nn.TestTensors.distance;
import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.GraphMode;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.Dims;
import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.Stream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Compares attention in blocks of up to 128 queries and 256 keys with a composition of operations on the whole array of scores. */
class AttentionProperties {
    private static final int MOST_QUERIES = 300;
    private static final int MOST_KEYS = 600;

    /**
     * The inputs of an attention (query, key, value and possibly a bias), the numbers that the composition adds to the scores (−∞ where a
     * key is hidden), the mask with the same meaning, and the upstream gradient.
     */
    private record Case(List<Tensor> inputs, Tensor added, AttentionMask mask, Tensor upstream) {
        Tensor attended(AttentionOptions options) {
            return Functional.scaledDotProductAttention(inputs.get(0), inputs.get(1), inputs.get(2), mask, options);
        }

        Tensor composed() {
            Tensor scores = inputs.get(0)
                    .matmul(inputs.get(1).transpose())
                    .mul(1 / Math.sqrt(inputs.get(0).shape().dim(-1)))
                    .add(added);
            Tensor sees = scores.detach().amax(Dims.KEEP, -1).ne(Double.NEGATIVE_INFINITY);
            return Tensor.where(sees, Tensor.where(sees, scores, 0).softmax(-1), 0)
                    .matmul(inputs.get(2));
        }

        List<Tensor> gradients(Tensor output, GraphMode graph) {
            return Autograd.grad(output, upstream, graph, inputs.toArray(new Tensor[0]));
        }

        List<NdArray> bits() {
            Tensor output = attended(new AttentionOptions());
            return Stream.concat(Stream.of(output.detach()), gradients(output, GraphMode.FREE).stream())
                    .map(Tensor::data)
                    .toList();
        }
    }

    private static Case random(long seed, int queries, int keys, int kind) {
        Generator rng = new Generator(seed);
        List<Tensor> inputs = Stream.of(Shape.of(2, queries, 5), Shape.of(2, keys, 5), Shape.of(2, keys, 3))
                .map(shape -> Tensor.randn(rng, shape.toArray()).requiresGrad(true))
                .toList();
        Tensor upstream = Tensor.randn(rng, 2, queries, 3);
        Tensor nothing = Tensor.zeros(queries, keys);
        return switch (kind) {
            case 0 -> new Case(inputs, nothing, new AttentionMask(), upstream);
            case 1 -> {
                int past = rng.nextInt(keys);
                Tensor seen = Masks.causal(queries, keys, past);
                AttentionMask mask = new AttentionMask().causal(past);
                yield new Case(inputs, Tensor.where(seen, nothing, Double.NEGATIVE_INFINITY), mask, upstream);
            }
            case 2 -> {
                // Nearly all keys are hidden, so whole blocks and whole rows are.
                Tensor seen = Tensor.uniform(0, 1, rng, queries, keys).lt(2.0 / keys);
                AttentionMask mask = new AttentionMask().visible(seen);
                yield new Case(inputs, Tensor.where(seen, nothing, Double.NEGATIVE_INFINITY), mask, upstream);
            }
            default -> {
                // The scores differ by hundreds, so the sums of earlier blocks count for nothing, or for nearly
                // everything.
                Tensor bias =
                        Tensor.of(Tensor.randn(rng, 2, 1, keys).mul(300).data()).requiresGrad(true);
                List<Tensor> all =
                        Stream.concat(inputs.stream(), Stream.of(bias)).toList();
                yield new Case(all, bias, new AttentionMask().bias(bias), upstream);
            }
        };
    }

    @Property(tries = 16)
    void valueAndGradientsAreThoseOfTheComposition(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = MOST_QUERIES) int queries,
            @ForAll @IntRange(min = 1, max = MOST_KEYS) int keys,
            @ForAll @IntRange(max = 3) int kind) {
        Case random = random(seed, queries, keys, kind);
        Tensor actual = random.attended(new AttentionOptions());
        Tensor expected = random.composed();

        assertClose(actual, expected);
        List<Tensor> gradients = random.gradients(actual, GraphMode.FREE);
        List<Tensor> composed = random.gradients(expected, GraphMode.FREE);
        for (int k = 0; k < gradients.size(); k++) {
            assertClose(gradients.get(k), composed.get(k));
        }
    }

    @Property(tries = 8)
    void withDropoutTheGradientsAreThoseOfAPassThatRecords(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = MOST_QUERIES) int queries,
            @ForAll @IntRange(min = 1, max = MOST_KEYS) int keys,
            @ForAll @IntRange(max = 3) int kind) {
        Case random = random(seed, queries, keys, kind);
        Tensor output = random.attended(new AttentionOptions().dropout(0.3, new Generator(seed)));
        List<Tensor> plain = random.gradients(output, GraphMode.KEEP);
        List<Tensor> recorded = random.gradients(output, GraphMode.CREATE);

        for (int k = 0; k < plain.size(); k++) {
            assertClose(plain.get(k), recorded.get(k));
        }
    }

    private static void assertClose(Tensor actual, Tensor expected) {
        double largest = Math.max(1, expected.abs().max().item());
        assertThat(distance(actual, expected)).isLessThanOrEqualTo(1e-12 * largest);
    }

    @Property(tries = 8)
    void floatsAreAsExactAsFloats(@ForAll long seed, @ForAll @IntRange(max = 3) int kind) {
        Case wide = random(seed, 130, 520, kind);
        Case narrow = new Case(
                wide.inputs.stream()
                        .limit(3)
                        .map(x -> x.detach().to(DType.FLOAT32).requiresGrad(true))
                        .toList(),
                wide.added.to(DType.FLOAT32),
                kind == 3 ? new AttentionMask().bias(wide.added.to(DType.FLOAT32)) : wide.mask,
                wide.upstream.to(DType.FLOAT32));
        // The same numbers as doubles.
        Case exact = new Case(
                narrow.inputs.stream()
                        .map(x -> x.detach().to(DType.FLOAT64).requiresGrad(true))
                        .toList(),
                narrow.added.to(DType.FLOAT64),
                wide.mask,
                narrow.upstream.to(DType.FLOAT64));
        Tensor actual = narrow.attended(new AttentionOptions());
        Tensor expected = exact.composed();
        // A score of 300·z is rounded by up to 300·z·2⁻²⁴; its weight, an exponential, has that relative error.
        double bound = kind == 3 ? 3e-4 : 1e-5;

        assertThat(error(actual, expected)).isLessThan(bound);
        List<Tensor> gradients = narrow.gradients(actual, GraphMode.FREE);
        List<Tensor> composed = exact.gradients(expected, GraphMode.FREE);
        for (int k = 0; k < gradients.size(); k++) {
            assertThat(error(gradients.get(k), composed.get(k))).isLessThan(bound);
        }
    }

    /** The largest absolute error, divided by the largest expected number or by 1 if all are smaller. */
    private static double error(Tensor actual, Tensor expected) {
        double largest = Math.max(1, expected.abs().max().item());
        return actual.to(DType.FLOAT64).sub(expected).abs().max().item() / largest;
    }

    @Example
    void theBitsAreTheSameOnAnyNumberOfThreads() throws ExecutionException, InterruptedException {
        for (int kind = 0; kind < 4; kind++) {
            Case random = random(kind, MOST_QUERIES, MOST_KEYS, kind);
            List<NdArray> expected = random.bits();
            for (int threads : new int[] {1, 3}) {
                ForkJoinPool pool = new ForkJoinPool(threads);
                try {
                    assertThat(pool.submit(random::bits).get()).isEqualTo(expected);
                } finally {
                    pool.shutdown();
                }
            }
        }
    }

    @Example
    void whatIsNotFiniteIsSoInTheComposition() {
        for (double odd : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
            for (int place : new int[] {0, 300, 599}) {
                Tensor bias = odd(odd, place);
                Case random = random(place, MOST_QUERIES, MOST_KEYS, 0);
                Case with = new Case(random.inputs, bias, new AttentionMask().bias(bias), random.upstream);

                assertThat(with.attended(new AttentionOptions()).isNaN().data())
                        .isEqualTo(with.composed().isNaN().data());
            }
        }
    }

    /** Scores of 0, except that every second query has the given score for one key. */
    private static Tensor odd(double number, int key) {
        double[] scores = new double[MOST_QUERIES * MOST_KEYS];
        for (int query = 0; query < MOST_QUERIES; query += 2) {
            scores[query * MOST_KEYS + key] = number;
        }
        return Tensor.of(NdArray.of(Shape.of(MOST_QUERIES, MOST_KEYS), scores));
    }
}
