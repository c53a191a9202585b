package io.adjoint.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.net.URLClassLoader;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** Tests that threads that outlive an application, as a server's do, let the application's copy of the library be unloaded. */
class UnloadingTest {
    @Test
    void aThreadThatTrainedKeepsNoClassOfTheLibraryLoaded() throws Exception {
        ExecutorService server = Executors.newSingleThreadExecutor();
        try {
            WeakReference<ClassLoader> application =
                    server.submit(UnloadingTest::runApplication).get();
            for (int k = 0; k < 100 && application.get() != null; k++) {
                System.gc();
                Thread.sleep(50);
            }
            assertThat(application.get()).isNull();
        } finally {
            server.shutdown();
        }
    }

    private static WeakReference<ClassLoader> runApplication() throws Exception {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (URLClassLoader loader = OwnClasses.loader()) {
            thread.setContextClassLoader(loader);
            Runnable application = (Runnable) loader.loadClass(UnloadedApplication.class.getName())
                    .getConstructor()
                    .newInstance();
            application.run();
            return new WeakReference<>(loader);
        } finally {
            thread.setContextClassLoader(before);
        }
    }
}
