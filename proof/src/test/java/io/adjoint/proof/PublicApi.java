package io.adjoint.proof;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Internal;
import io.adjoint.core.NdArray;
import io.adjoint.nn.Layer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Lists the public methods and constructors of the library's public classes, except those marked {@link Internal}. */
final class PublicApi {
    private PublicApi() {}

    private static boolean isInternal(Class<?> type) {
        Class<?> owner = type.getEnclosingClass();
        return type.isAnnotationPresent(Internal.class) || (owner != null && isInternal(owner));
    }

    /**
     * The methods and constructors, sorted by their signatures. Methods of interfaces, which users implement, of enums and of records are
     * left out.
     */
    static List<Executable> executables() {
        return Stream.of(NdArray.class, Tensor.class, Layer.class)
                .flatMap(PublicApi::classesBeside)
                .filter(type -> Modifier.isPublic(type.getModifiers())
                        && !isInternal(type)
                        && !type.isInterface()
                        && !type.isEnum()
                        && !type.isRecord())
                .flatMap(type -> Stream.concat(
                        Arrays.stream(type.getMethods()).filter(PublicApi::isOurs),
                        Modifier.isAbstract(type.getModifiers())
                                ? Stream.<Executable>empty()
                                : Arrays.stream(type.getConstructors())))
                .sorted(Comparator.comparing(PublicApi::signature))
                .distinct()
                .toList();
    }

    static boolean isOurs(Method method) {
        return (!method.isBridge() || isInheritedFromHiddenClass(method))
                && method.getDeclaringClass().getName().startsWith("io.adjoint.");
    }

    /** Returns whether a bridge only makes a method of a superclass that isn't public callable by reflection. */
    private static boolean isInheritedFromHiddenClass(Method bridge) {
        for (Class<?> type = bridge.getDeclaringClass().getSuperclass(); type != null; type = type.getSuperclass()) {
            if (!Modifier.isPublic(type.getModifiers())
                    && Arrays.stream(type.getDeclaredMethods())
                            .anyMatch(method -> !method.isBridge()
                                    && method.getName().equals(bridge.getName())
                                    && method.getReturnType() == bridge.getReturnType()
                                    && Arrays.equals(method.getParameterTypes(), bridge.getParameterTypes()))) {
                return true;
            }
        }
        return false;
    }

    /**
     * The signature of a method or constructor, such as {@code Tensor.sum(Dims,int[])}. Methods of the superclasses of {@code Tensor}
     * and {@code NdArray} are listed under these classes.
     */
    static String signature(Executable executable) {
        Class<?> declaring = executable.getDeclaringClass();
        String owner = Stream.of(Tensor.class, NdArray.class)
                .filter(declaring::isAssignableFrom)
                .findFirst()
                .<Class<?>>map(type -> type)
                .orElse(declaring)
                .getSimpleName();
        return (executable instanceof Method ? owner + "." + executable.getName() : "new " + owner)
                + Arrays.stream(executable.getParameterTypes())
                        .map(Class::getSimpleName)
                        .collect(Collectors.joining(",", "(", ")"));
    }

    /** The classes in the jar, or in the directory, from which a class was loaded. */
    static Stream<Class<?>> classesBeside(Class<?> one) {
        try {
            URI home = one.getProtectionDomain().getCodeSource().getLocation().toURI();
            if (Files.isDirectory(Path.of(home))) {
                return classesBelow(Path.of(home), one.getClassLoader());
            }
            try (FileSystem jar = FileSystems.newFileSystem(URI.create("jar:" + home), Map.of())) {
                return classesBelow(jar.getPath("/"), one.getClassLoader());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Stream<Class<?>> classesBelow(Path root, ClassLoader loader) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            List<Class<?>> classes = files.map(file -> root.relativize(file).toString())
                    .filter(name -> name.startsWith("io") && name.endsWith(".class") && !name.endsWith("-info.class"))
                    .<Class<?>>map(name -> load(
                            name.substring(0, name.length() - ".class".length())
                                    .replace('/', '.')
                                    .replace('\\', '.'),
                            loader))
                    .toList();
            return classes.stream();
        }
    }

    private static Class<?> load(String name, ClassLoader loader) {
        try {
            return Class.forName(name, false, loader);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }
}
