package io.adjoint.core.parallel;

import io.adjoint.core.Internal;
import java.lang.ref.WeakReference;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A variable that has a value for each thread, as a {@link ThreadLocal}, but keeps no class loaded: a thread refers to its value only
 * weakly. So a server whose threads outlive an application unloads the library's classes with the application. The variable itself refers
 * to a thread's value until the thread ends.
 *
 * @hidden
 */
@Internal
public final class PerThread<T> {
    private final Supplier<T> initial;
    /** Refers to each thread's value; a reader gets the value from {@link #reference}, without a lock. */
    private final Map<Thread, T> values = Collections.synchronizedMap(new WeakHashMap<>());

    @SuppressWarnings("ThreadLocalUsage") // Each PerThread is a static field.
    private final ThreadLocal<@Nullable WeakReference<T>> reference = new ThreadLocal<>();

    /** A variable whose value in a thread is at first the supplier's result. */
    public PerThread(Supplier<T> initial) {
        this.initial = initial;
    }

    /** The value in this thread. */
    public T get() {
        WeakReference<T> known = reference.get();
        T value = known == null ? null : known.get();
        return value == null ? begin() : value;
    }

    private T begin() {
        T value = initial.get();
        set(value);
        return value;
    }

    /** Replaces the value in this thread. */
    public void set(T value) {
        values.put(Thread.currentThread(), value);
        reference.set(new WeakReference<>(value));
    }
}
