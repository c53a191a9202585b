package io.adjoint.proof;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.ShapeException;
import io.adjoint.nn.Block;
import io.adjoint.nn.train.PerSampleGradients;
import io.adjoint.testkit.LayerSpec;
import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Compares gradients of each sample with the gradient of the batch, for every layer with parameters, on the inputs of the golden rows. */
class PerSampleLayersTest {
    private enum Outcome {
        /** The sum over the samples is the gradient of the batch. */
        SUM_OF_BATCH,
        NO_PARAMETERS,
        OTHER_SUM,
        REFUSED,
        /** Axis 0 of an input is not the batch: one sample by itself, or time first. */
        NO_BATCH
    }

    @Test
    void theirSumIsTheGradientOfTheBatchOrTheLayerIsRefused() throws IOException {
        Map<Outcome, Set<String>> outcomes = new EnumMap<>(Outcome.class);
        for (JsonObject row : GoldenRows.readAll("adjoint.golden.nn", "nn")) {
            if (row.get("kind").getAsString().equals("layer")) {
                outcomes.computeIfAbsent(outcome(new Replay(row, DType.FLOAT64)), same -> new TreeSet<>())
                        .add(row.get("name").getAsString());
            }
        }
        Set<String> known = LayerCatalogue.ROWS.stream()
                .map(row -> row.type().getSimpleName())
                .collect(Collectors.toCollection(TreeSet::new));
        known.removeAll(NnGoldenTest.OF_OTHERS);

        Set<String> right = new TreeSet<>(outcomes.get(Outcome.SUM_OF_BATCH));
        right.addAll(outcomes.get(Outcome.NO_PARAMETERS));
        assertThat(right).containsExactlyElementsOf(known);
        assertThat(outcomes.get(Outcome.NO_BATCH))
                .containsExactly(
                        "Conv1d",
                        "Conv2d",
                        "ConvTranspose2d",
                        "EmbeddingBag",
                        "GRU",
                        "InstanceNorm1d",
                        "LSTM",
                        "MultiHeadAttention",
                        "RNN",
                        "TransformerDecoderLayer",
                        "TransformerEncoderLayer");
        // These divide gradients by the frequencies of the indices of one call.
        assertThat(outcomes.get(Outcome.OTHER_SUM)).containsExactly("Embedding", "EmbeddingBag");
        assertThat(outcomes.get(Outcome.REFUSED))
                .containsExactly("BatchNorm1d", "BatchNorm2d", "BatchNorm3d", "InstanceNorm2d", "SpectralNorm");
    }

    private static Outcome outcome(Replay replay) {
        LayerSpec spec = replay.spec();
        Block block = replay.block(spec);
        List<Tensor> inputs = replay.leaves("inputs");
        if (block.parameters().isEmpty()) {
            return Outcome.NO_PARAMETERS;
        }
        Function<List<Tensor>, Tensor> loss = batch -> spec.outputs(block, batch.toArray(Tensor[]::new)).stream()
                .map(y -> y.square().sum())
                .reduce(Tensor::add)
                .orElseThrow();
        PerSampleGradients each;
        try {
            each = PerSampleGradients.of(block, inputs, loss);
        } catch (ShapeException e) {
            return Outcome.NO_BATCH;
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageMatching("PerSampleGradients: (BatchNorm|InstanceNorm|SpectralNorm).*");
            return Outcome.REFUSED;
        }
        loss.apply(inputs).backward();
        return each.gradients().entrySet().stream()
                        .allMatch(gradient -> gradient.getValue()
                                .sum(0)
                                .data()
                                .allClose(ofBatch(block, gradient.getKey()).data(), 1e-9, 1e-9))
                ? Outcome.SUM_OF_BATCH
                : Outcome.OTHER_SUM;
    }

    private static Tensor ofBatch(Block block, String path) {
        Tensor parameter = Objects.requireNonNull(block.namedParameters().get(path));
        Tensor gradient = parameter.grad();
        return gradient == null ? Tensor.zerosLike(parameter) : gradient;
    }
}
