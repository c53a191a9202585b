package io.adjoint.autograd;

import io.adjoint.core.Internal;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Functions in the order of their registration. The {@link Hook} that a registration returns removes this registration only, even if the
 * same function is registered several times. Threads may register, remove and iterate concurrently; an iteration sees the functions that
 * were registered when it began.
 *
 * @hidden
 */
@Internal
public final class Hooks<T> implements Iterable<T> {
    private final List<Registration<T>> all = new CopyOnWriteArrayList<>();

    /** This type is a class and no record, since two registrations are equal only if they are the same object. */
    private static final class Registration<T> {
        final T function;

        Registration(T function) {
            this.function = function;
        }
    }

    /**
     * Registers a function.
     *
     * @throws NullPointerException if the function is null
     */
    public Hook add(T function) {
        Registration<T> registration = new Registration<>(Objects.requireNonNull(function, "the hook is null"));
        all.add(registration);
        return () -> all.remove(registration);
    }

    /** Returns whether no function is registered. */
    public boolean isEmpty() {
        return all.isEmpty();
    }

    @Override
    public Iterator<T> iterator() {
        return isEmpty()
                ? Collections.emptyIterator()
                : all.stream().map(registration -> registration.function).iterator();
    }
}
