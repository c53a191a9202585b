package io.adjoint.proof;

import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Class loaders with classes of their own, all of the library and its tests. */
final class OwnClasses {
    private OwnClasses() {}

    /** Loads the classes of this JVM's class path anew. */
    static URLClassLoader loader() throws IOException {
        return without("no such file");
    }

    /** Loads the classes of this JVM's class path anew, but for entries whose file has a name that begins with a prefix. */
    static URLClassLoader without(String prefix) throws IOException {
        List<URL> urls = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            Path path = Path.of(entry);
            if (!path.getFileName().toString().startsWith(prefix)) {
                urls.add(path.toUri().toURL());
            }
        }
        return new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
    }
}
