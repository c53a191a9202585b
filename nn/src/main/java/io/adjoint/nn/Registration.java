package io.adjoint.nn;

import io.adjoint.autograd.Hook;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.Internal;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Finds blocks that run within a model without being registered in it, so that the model's parameters, modes, states and copies don't
 * include them. An unregistered block is allowed if registering it would make no difference. Registering makes no difference in three
 * cases: the block has no parameters and buffers and doesn't read its mode; the block is in evaluation mode, and each of its parameters is
 * frozen or also a parameter of the model; or the block's parameters are computed, as by {@link Block#withParameters}.
 *
 * @hidden
 */
@Internal
public final class Registration {
    private final Block model;
    private Set<Block> registered;

    /** Makes a check for the blocks of a model. */
    public Registration(Block model) {
        this.model = model;
        registered = model.allBlocks();
    }

    /** An unregistered block, and the innermost registered block that calls it. */
    private record Call(Block outer, Block inner) {
        String text() {
            return outer.typeName() + " runs " + inner.title() + " without having registered it";
        }
    }

    /**
     * Runs a function that runs the model, and checks the blocks that ran within the model.
     *
     * @throws IllegalStateException if a block that has to be registered in the model ran within it without being registered
     */
    public static <T> T required(Block model, Supplier<T> function) {
        Registration registration = new Registration(model);
        Set<Call> calls = new LinkedHashSet<>();
        Hook hook = new ForwardObserver() {
            @Override
            public void ends(Block block, String path, Object output) {
                Call call = registration.call(block);
                if (call != null) {
                    calls.add(call);
                }
            }
        }.observe();
        T result;
        try {
            result = function.get();
        } finally {
            hook.remove();
        }
        if (!calls.isEmpty()) {
            throw new IllegalStateException(
                    calls.stream().map(Call::text).distinct().collect(Collectors.joining(", "))
                            + ", so parameters(), eval(), state() and copy() of the model pass it over; register a block where it"
                            + " is created: layer = child(\"layer\", new …), and several as one child(\"layers\","
                            + " new BlockList<>(…))");
        }
        return result;
    }

    /**
     * Returns a text about a block that has just run within the model if the block is unregistered but has to be registered; null
     * otherwise. To be called in {@link ForwardObserver#ends}.
     */
    public @Nullable String problem(Block block) {
        Call call = call(block);
        return call == null ? null : call.text();
    }

    private @Nullable Call call(Block block) {
        if (registered.contains(block)) {
            return null;
        }
        List<Block> running = Scope.current().running();
        for (int k = running.size() - 2; k >= 0; k--) {
            if (registered.contains(running.get(k))) {
                return matters(block) ? new Call(running.get(k), running.get(k + 1)) : null;
            }
        }
        return null;
    }

    private boolean matters(Block block) {
        if (block.allBlocks().stream().noneMatch(Registration::hasAny)) {
            return false;
        }
        // The set of registered blocks is computed again, since the current forward pass may have registered further
        // blocks.
        registered = model.allBlocks();
        Set<Tensor> known = new HashSet<>(model.parameters());
        return !registered.contains(block)
                && block.allBlocks().stream()
                        .filter(each -> !registered.contains(each))
                        .anyMatch(each -> dependsOnMode(each)
                                || each.ownParameters().values().stream()
                                        .anyMatch(own -> isTrained(own) && !known.contains(own)));
    }

    private static boolean hasAny(Block block) {
        return dependsOnMode(block) || block.ownParameters().values().stream().anyMatch(Registration::isTrained);
    }

    private static boolean dependsOnMode(Block block) {
        return block.mode() && (block.readsMode() || !block.ownBuffers().isEmpty());
    }

    /**
     * Returns whether an optimizer can train a parameter: a computed parameter isn't trained, only the parameters from which it is
     * computed.
     */
    private static boolean isTrained(Tensor parameter) {
        return parameter.isLeaf() && parameter.requiresGrad();
    }
}
