package io.adjoint.proof;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.transforms.JacobianMode;
import io.adjoint.autograd.transforms.Transforms;
import io.adjoint.core.DType;
import io.adjoint.core.ShapeException;
import io.adjoint.nn.Block;
import io.adjoint.testkit.LayerSpec;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Compares Jacobians of layers with respect to their input, computed at once over copies of it and row by row. */
class BatchedJacobiansTest {
    @Test
    void jacobiansOfLayersOverCopiesOfAPointAreThoseByRows() throws IOException {
        Set<String> compared = new TreeSet<>();
        for (JsonObject row : GoldenRows.readAll("adjoint.golden.nn", "nn")) {
            if (row.get("kind").getAsString().equals("layer")) {
                Replay replay = new Replay(row, DType.FLOAT64);
                LayerSpec spec = replay.spec();
                Block block = replay.block(spec);
                List<Tensor> inputs = replay.leaves("inputs");
                block.eval();
                if (inputs.size() == 1
                        && inputs.get(0).dtype().isFloating()
                        && isOfSamples(spec, block, inputs.get(0))) {
                    compare(spec, block, inputs.get(0).detach().select(0, 0));
                    compared.add(row.get("name").getAsString());
                }
            }
        }
        assertThat(compared)
                .contains("Dense", "BatchNorm1d", "LayerNorm", "Conv2d", "GELU")
                .hasSizeGreaterThan(40);
    }

    /** Returns whether axis 0 of the input is one of samples: one sample has the output that it has among the others. */
    private static boolean isOfSamples(LayerSpec spec, Block block, Tensor input) {
        if (input.shape().rank() < 2) {
            return false;
        }
        Tensor all = spec.outputs(block, input).get(0);
        try {
            Tensor one = spec.outputs(block, input.slice(0, 0, 1)).get(0);
            return one.shape().rank() > 0
                    && one.shape().dim(0) == 1
                    && all.shape().dim(0) == input.shape().dim(0)
                    && all.slice(0, 0, 1).data().allClose(one.data(), 1e-12, 1e-12);
        } catch (ShapeException e) {
            return false;
        }
    }

    private static void compare(LayerSpec spec, Block block, Tensor point) {
        Function<Tensor, Tensor> batch = x -> spec.outputs(block, x).get(0);
        Tensor rows = Transforms.jacobian(x -> batch.apply(x.unsqueeze(0)).select(0, 0), point, JacobianMode.ROWS);
        Tensor atOnce = Transforms.jacobian(batch, point, JacobianMode.BATCH);
        assertThat(atOnce.data().allClose(rows.data(), 1e-9, 1e-12))
                .as(spec.name())
                .isTrue();
    }
}
