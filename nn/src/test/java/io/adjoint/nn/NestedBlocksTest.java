package io.adjoint.nn;

import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Generator;
import io.adjoint.nn.layer.BatchNorm1d;
import io.adjoint.nn.layer.Dense;
import io.adjoint.nn.layer.Residual;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Blocks may be nested as deeply as memory allows; a forward pass needs stack for each. */
class NestedBlocksTest {
    private final Dense inner = new Dense(2, 2, new Generator(1));

    private Layer nested(int depth, UnaryOperator<Layer> around) {
        Layer layer = inner;
        for (int k = 0; k < depth; k++) {
            layer = around.apply(layer);
        }
        return layer;
    }

    /** The exception that a body throws in a thread with the given stack size; null if it throws none. */
    private static @Nullable Throwable thrown(long stack, Runnable body) throws InterruptedException {
        AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
        Thread thread = new Thread(null, body, "nested", stack);
        thread.setUncaughtExceptionHandler((of, failure) -> thrown.set(failure));
        thread.start();
        thread.join();
        return thrown.get();
    }

    @Test
    @Timeout(20)
    void tenThousandAreBuiltNamedFrozenLoadedAndCopiedWithTheUsualStack() throws InterruptedException {
        assertThat(thrown(256 << 10, () -> {
                    Layer model = nested(10_000, Sequential::new);

                    assertThat(model.parameters())
                            .containsExactly(inner.parameters().toArray(Tensor[]::new));
                    assertThat(model.namedParameters().keySet()).allMatch(path -> path.startsWith("0.0.0."));
                    model.load(model.state());
                    model.freeze();
                    model.eval();
                    assertThat(inner.isTraining()).isFalse();
                    assertThat(inner.parameters()).noneMatch(Tensor::requiresGrad);
                    assertThat(model.copy().parameters()).hasSize(2);
                    assertThat(model.nameOf(inner)).hasSize(2 * 10_000 - 1);
                    assertThat(model.toString().lines())
                            .hasSize(2 * 10_000 + 1)
                            .contains("  ".repeat(50) + "(0): Dense(2 -> 2)")
                            .endsWith("  )", ")");
                }))
                .isNull();
    }

    @Test
    @Timeout(20)
    void aSummaryOfThousandsIsATable() throws InterruptedException {
        Layer model = nested(3000, Sequential::new);

        assertThat(thrown(256L << 20, () -> {
                    Summary summary = Summary.of(model, Tensor.zeros(1, 2));
                    assertThat(summary.rows()).hasSize(3001);
                    assertThat(summary.toString().lines())
                            .hasSize(3003)
                            .anyMatch(line -> line.startsWith("  ".repeat(50) + "0: Dense(2 -> 2)  [1, 2] "));
                }))
                .isNull();
    }

    @Test
    void aBlockThatContainsTheOneItIsToBePartOfIsRefusedAtAnyDepth() {
        Loop loop = new Loop();

        assertThat(catchCycle(loop, nested(5000, layer -> new Sequential(layer, loop))))
                .isEqualTo("child: 'part' contains the block that it is to be part of");
        assertThat(catchCycle(loop, loop)).isEqualTo("child: 'part' contains the block that it is to be part of");
    }

    private static @Nullable String catchCycle(Loop loop, Layer part) {
        try {
            loop.add(part);
            return null;
        } catch (IllegalArgumentException e) {
            return e.getMessage();
        }
    }

    private static final class Loop extends Layer {
        void add(Layer part) {
            child("part", part);
        }

        @Override
        protected Tensor compute(Tensor x) {
            return x;
        }
    }

    @Test
    @Timeout(20)
    void eachBlockIsVisitedOnceHoweverManyPathsItHas() {
        Layer model = nested(200, layer -> new Sequential(layer, layer));
        List<Block> seen = new ArrayList<>();
        model.apply(seen::add);

        assertThat(seen).hasSize(201).doesNotHaveDuplicates().endsWith(inner);
        assertThat(model.parameters()).containsExactlyElementsOf(inner.parameters());
        model.eval();
        assertThat(inner.isTraining()).isFalse();
        assertThat(model.modes()).hasSize(201).doesNotContainValue(true);
        model.freeze();
        assertThat(model.copy().parameters()).hasSize(2).noneMatch(Tensor::requiresGrad);
        assertThat(model.nameOf(inner)).isEqualTo("0" + ".0".repeat(199));
        assertThat(HeldLeaves.of(model)).isEmpty();
        assertThat(model.nameOf(new Dense(1, 1, new Generator(1)))).isEqualTo("Dense");
    }

    @Test
    void aForwardPassThatOverflowsTheStackSaysInHowManyBlocksAndTheNextOneIsAsEver() throws InterruptedException {
        Layer model = nested(3000, Residual::new);
        BatchNorm1d norm = new BatchNorm1d(2, new Init(new Generator(1)));
        Tensor x = Tensor.of(1, 2, 3, 5).reshape(2, 2);

        assertThat(thrown(256 << 10, () -> {
                    try {
                        assertThat(model.forward(x)).isNull();
                    } catch (IllegalStateException e) {
                        assertThat(e)
                                .hasMessageMatching(
                                        "Residual\\(\\): the thread's stack overflowed in [1-9]\\d+ blocks.*-Xss.*")
                                .hasCauseInstanceOf(StackOverflowError.class);
                    }
                    // Buffers change at the end of the outermost block, so this shows that the overflow left no block
                    // open.
                    assertThat(new Sequential(norm).forward(x).shape()).isEqualTo(x.shape());
                    assertThat(norm.state()).isNotEqualTo(new BatchNorm1d(2, new Init(new Generator(1))).state());
                }))
                .isNull();
        assertThat(thrown(256L << 20, () -> assertThat(model.forward(x).shape()).isEqualTo(x.shape())))
                .isNull();
    }
}
