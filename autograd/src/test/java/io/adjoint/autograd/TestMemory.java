package io.adjoint.autograd;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.util.Collection;
import java.util.List;

/** Measures memory in tests. */
final class TestMemory {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private TestMemory() {}

    /** The number of bytes that the body allocates in this thread. */
    static long allocatedBy(Runnable body) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        body.run();
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }

    /** The number of bytes of the heap in use after a collection. */
    static long used() throws InterruptedException {
        Runtime runtime = Runtime.getRuntime();
        long used = Long.MAX_VALUE;
        for (int tries = 0; tries < 5; tries++) {
            System.gc();
            Thread.sleep(20);
            used = Math.min(used, runtime.totalMemory() - runtime.freeMemory());
        }
        return used;
    }

    static boolean isCollected(WeakReference<?> reference) throws InterruptedException {
        return areCollected(List.of(reference));
    }

    /** Returns whether all objects are collected within a second. */
    static boolean areCollected(Collection<? extends WeakReference<?>> references) throws InterruptedException {
        for (int tries = 0; tries < 50 && references.stream().anyMatch(r -> r.get() != null); tries++) {
            System.gc();
            Thread.sleep(20);
        }
        return references.stream().allMatch(r -> r.get() == null);
    }
}
