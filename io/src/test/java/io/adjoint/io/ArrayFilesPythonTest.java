package io.adjoint.io;

import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.arbitraries.ListArbitrary;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Tests that NumPy and safetensors read the bits that were written here. Runs in the profile {@code python}. */
@EnabledIfSystemProperty(named = "adjoint.python", matches = ".+")
class ArrayFilesPythonTest {
    @TempDir
    Path folder;

    @Test
    void pythonReadsWhatWasWritten() throws IOException, InterruptedException {
        Map<String, NdArray> arrays = new LinkedHashMap<>();
        ListArbitrary<NdArray> some = AnyArrays.arrays().list().ofSize(50);
        for (NdArray array : some.sample()) {
            arrays.put("any " + arrays.size(), array);
        }
        for (String name : new String[] {"", "a/b", "../x", "x.npy", "ä😀", "'\"\\", "\n\t"}) {
            arrays.put(name, NdArray.arange(DType.INT32, name.length()));
        }
        arrays.put(
                "large",
                NdArray.generate(DType.FLOAT32, Shape.of(300, 500), k -> Math.sin(k))
                        .transpose());
        Safetensors.save(
                folder.resolve("x.safetensors"), arrays, new SafetensorsOptions().metadata(Map.of("format", "pt")));
        Npz.save(folder.resolve("stored.npz"), arrays);
        Npz.saveCompressed(folder.resolve("deflated.npz"), arrays);
        List<String> lines = new ArrayList<>();
        for (String file : new String[] {"x.safetensors", "stored.npz", "deflated.npz"}) {
            arrays.forEach((name, array) -> lines.add(
                    file + "\t" + name.replace("\n", "\\n").replace("\t", "\\t") + "\t" + ArrayBits.of(array)));
        }
        Files.write(folder.resolve("expected.txt"), lines);
        assertThat(PythonProgram.run("files/check.py", folder.toString()))
                .isEqualTo(lines.size() + " arrays are right\n");
    }
}
