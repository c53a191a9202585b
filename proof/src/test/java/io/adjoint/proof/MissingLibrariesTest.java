package io.adjoint.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.io.Safetensors;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests that a library that is not on the class path is named by the error of each call that needs it, and that a
 * training works without. */
class MissingLibrariesTest {
    @ParameterizedTest
    @EnumSource
    void aMissingLibraryIsNamedByTheCallsThatNeedIt(MissingLibrary library, @TempDir Path folder) throws Exception {
        Safetensors.save(folder.resolve(MissingLibrary.SAVED), Map.of("a", NdArray.zeros(DType.FLOAT64, Shape.of(2))));
        try (URLClassLoader loader = OwnClasses.without(library.jar)) {
            Object same = loader.loadClass(MissingLibrary.class.getName())
                    .getField(library.name())
                    .get(null);
            @SuppressWarnings("unchecked") // the constant of this name, of the other loader's class
            Function<Path, List<Throwable>> without = (Function<Path, List<Throwable>>) same;

            assertThat(without.apply(folder))
                    .isNotEmpty()
                    .allSatisfy(error -> assertThat(error)
                            .isInstanceOf(NoClassDefFoundError.class)
                            .hasMessageContaining(library.classes));
        }
        assertThat(folder.toFile().list()).containsExactlyInAnyOrder(MissingLibrary.SAVED, MissingLibrary.PREDICTED);
    }
}
