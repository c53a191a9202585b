package io.adjoint.view;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.adjoint.autograd.GraphException;
import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.view.ChainRule;
import io.adjoint.nn.Block;
import io.adjoint.nn.optim.Optimizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * The chain rule of a computation, step by step, as one HTML file that loads nothing: the values forward through the graph, then the
 * gradients back, each with its upstream gradient, the local derivative, their product, and the sum over all uses of a tensor; beside the
 * gradients of leaves it shows their finite differences.
 *
 * <pre>{@code
 * ChainRulePage.of(() -> w.mul(x).add(b).sigmoid().sub(t).square())
 *         .name("w", w).name("x", x).name("b", b).name("t", t)
 *         .write(Path.of("neuron.html"));
 * }</pre>
 *
 * <p>All numbers are recorded from the backward pass itself, which accumulates no gradient; the page computes none. Scalars and tensors,
 * gradients of gradients ({@code GraphMode.CREATE} within the computation) and operations of your own are shown, too. Tensors of up to 64
 * elements have all their elements in the page; of larger ones it has shape, norm and mean. For the differences the computation runs again
 * with single elements of FLOAT64 leaves changed in place, at most {@value StepsPass#MOST_DIFFERENCES} in a pass and {@value
 * StepsPass#MOST_OF_LEAF} of a leaf; afterwards the elements have their old values. As after a step of an optimizer, a graph that was
 * recorded before can then not run backward. Not for several threads at once.
 */
public final class ChainRulePage {
    private static final String OP = "ChainRulePage";
    /** The largest number of training steps in a page. */
    private static final int MOST_STEPS = 100;

    private final List<StepsPass> passes;
    /** The named tensors that require a gradient. */
    private final Map<String, Tensor> named = new LinkedHashMap<>();

    private int every = 1;
    private String title = "The chain rule, step by step";
    private String about = "Each number of a forward and a backward pass, and where it comes from.";

    private ChainRulePage(List<StepsPass> passes) {
        this.passes = passes;
    }

    /**
     * Runs a computation and shows its backward pass.
     *
     * @param loss gives a scalar that requires a gradient, the same each time that it is called
     * @throws GraphException if the result is not such a scalar, or the computation releases its graph by a backward pass
     */
    public static ChainRulePage of(Supplier<Tensor> loss) {
        return new ChainRulePage(List.of(StepsPass.record(OP, loss)));
    }

    /**
     * Shows several training steps in a row.
     *
     * @param steps 1 to 100
     * @param loss as in {@link #of}
     * @param update one training step, with its own backward pass
     * @throws IllegalArgumentException if there are fewer or more steps
     * @throws GraphException as in {@link #of}
     */
    public static ChainRulePage training(int steps, Supplier<Tensor> loss, Runnable update) {
        if (steps < 1 || steps > MOST_STEPS) {
            throw new IllegalArgumentException(
                    OP + ": a page shows 1 to " + MOST_STEPS + " training steps, but got " + steps);
        }
        List<StepsPass> passes = new ArrayList<>();
        for (int step = 0; step < steps; step++) {
            passes.add(StepsPass.record(OP, loss));
            update.run();
        }
        return new ChainRulePage(List.copyOf(passes));
    }

    /** As {@link #training(int, Supplier, Runnable)}, by an optimizer whose gradients are cleared before each step. */
    public static ChainRulePage training(int steps, Supplier<Tensor> loss, Optimizer optimizer) {
        Objects.requireNonNull(optimizer, "optimizer");
        return training(
                steps,
                loss,
                () -> optimizer.step(() -> {
                    optimizer.zeroGrad();
                    Tensor value = loss.get();
                    value.backward();
                    return value;
                }));
    }

    /**
     * Gives a tensor a name. Tensors without a given name are p1, p2, … if they are leaves that require grad, c1, c2, … if they are
     * constants, and v1, v2, … if they were computed; the result is L. The page lists the named tensors that require a gradient and that
     * no path from the result reaches; another tensor that is not part of the computation is ignored.
     *
     * @throws IllegalArgumentException if the name is empty or another tensor's
     */
    @CanIgnoreReturnValue
    public ChainRulePage name(String name, Tensor tensor) {
        passes.forEach(pass -> pass.view().name(name, tensor));
        if (tensor.requiresGrad()) {
            named.put(name, tensor);
        }
        return this;
    }

    /**
     * Gives the parameters of a block the names that they have in the block, such as {@code 0.weight}.
     *
     * @throws IllegalArgumentException if another tensor has such a name
     */
    @CanIgnoreReturnValue
    public ChainRulePage names(Block block) {
        block.namedParameters().forEach(this::name);
        return this;
    }

    /**
     * Sets how many training steps each update made, so that the page numbers its passes 1, 1 + steps, 1 + 2·steps, …; 1 by default.
     *
     * @throws IllegalArgumentException if it is below 1
     */
    @CanIgnoreReturnValue
    public ChainRulePage every(int steps) {
        if (steps < 1) {
            throw new IllegalArgumentException(OP + ": an update makes at least 1 training step, but got " + steps);
        }
        every = steps;
        return this;
    }

    /**
     * Sets the title.
     *
     * @throws IllegalArgumentException if it is empty
     */
    @CanIgnoreReturnValue
    public ChainRulePage title(String text) {
        title = Page.requireTitle(ChainRulePage.class, text);
        return this;
    }

    /** Sets the line below the title. */
    @CanIgnoreReturnValue
    public ChainRulePage about(String text) {
        about = Objects.requireNonNull(text, "about");
        return this;
    }

    /** The page. */
    public String html() {
        return page().html();
    }

    /**
     * Writes the page to a file, as a whole or not at all; missing folders are made.
     *
     * @throws java.io.UncheckedIOException if that fails
     */
    public void write(Path file) {
        page().write(file);
    }

    private List<String> unreached() {
        ChainRule rule = ChainRule.of(passes.get(0).view());
        return named.entrySet().stream()
                .filter(each -> !rule.reaches(each.getValue()))
                .map(Map.Entry::getKey)
                .toList();
    }

    private Page page() {
        return StepsPage.of(
                title,
                about,
                unreached(),
                IntStream.range(0, passes.size())
                        .mapToObj(k -> passes.get(k).walk(k, 1 + k * every))
                        .toList());
    }

    /** The number of passes, and the title. */
    @Override
    public String toString() {
        return OP + "(" + title + ", passes: " + passes.size() + ")";
    }
}
