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
 * The blocks that run within a model without being registered in it, so that its parameters, modes, states and copies don't include them.
 * A block is allowed to run so if its registration would make no difference: it has no parameters, buffers or use of the mode; or its
 * parameters are frozen or are the model's, and it is in evaluation mode; or its parameters were computed, as those of
 * {@link Block#withParameters}.
 *
 * @hidden
 */
@Internal
public final class Registration {
    private final Block model;
    private Set<Block> registered;

    /** The registration of the blocks of a model. */
    public Registration(Block model) {
        this.model = model;
        registered = model.allBlocks();
    }

    /** An unregistered block, and the registered one that calls it. */
    private record Call(Block outer, Block inner) {
        String text() {
            return outer.typeName() + " runs " + inner.title() + " without having registered it";
        }
    }

    /**
     * Runs a function that runs the model.
     *
     * @throws IllegalStateException if a block ran within the model that isn't registered, but would have to be
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
     * The text about a block that has just run within the model and isn't registered, but would have to be; null of any other. For
     * {@link ForwardObserver#ends}.
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
        // Blocks may have been registered since, even by the forward pass under way.
        registered = model.allBlocks();
        Set<Tensor> known = new HashSet<>(model.parameters());
        return !registered.contains(block)
                && block.allBlocks().stream()
                        .filter(part -> !registered.contains(part))
                        .anyMatch(part -> dependsOnMode(part)
                                || part.ownParameters().values().stream()
                                        .anyMatch(own -> isTrained(own) && !known.contains(own)));
    }

    private static boolean hasAny(Block part) {
        return dependsOnMode(part) || part.ownParameters().values().stream().anyMatch(Registration::isTrained);
    }

    private static boolean dependsOnMode(Block part) {
        return part.mode() && (part.readsMode() || !part.ownBuffers().isEmpty());
    }

    /** Returns whether a parameter is trained itself; a computed one isn't, as its source is. */
    private static boolean isTrained(Tensor parameter) {
        return parameter.isLeaf() && parameter.requiresGrad();
    }
}
