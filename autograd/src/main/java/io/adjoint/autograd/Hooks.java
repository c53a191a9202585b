package io.adjoint.autograd;

import io.adjoint.core.Internal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;

/**
 * Functions in the order of their registration. The {@link Hook} that a registration returns removes this registration only, even if the
 * same function is registered several times. Threads may register, remove and iterate concurrently; an iteration sees the functions that
 * were registered when it began.
 *
 * @hidden
 */
@Internal
public final class Hooks<T> implements Iterable<T> {
    private volatile List<Registration<T>> all = List.of();

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
    public synchronized Hook add(T function) {
        Registration<T> registration = new Registration<>(Objects.requireNonNull(function, "the hook is null"));
        List<Registration<T>> more = new ArrayList<>(all);
        more.add(registration);
        all = List.copyOf(more);
        return () -> remove(registration);
    }

    private synchronized void remove(Registration<T> registration) {
        List<Registration<T>> fewer = new ArrayList<>(all);
        if (fewer.remove(registration)) {
            all = List.copyOf(fewer);
        }
    }

    /** Returns whether no function is registered. */
    public boolean isEmpty() {
        return all.isEmpty();
    }

    @Override
    public Iterator<T> iterator() {
        List<Registration<T>> now = all;
        if (now.isEmpty()) {
            return Collections.emptyIterator();
        }
        Iterator<Registration<T>> registrations = now.iterator();
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return registrations.hasNext();
            }

            @Override
            public T next() {
                return registrations.next().function;
            }
        };
    }
}
