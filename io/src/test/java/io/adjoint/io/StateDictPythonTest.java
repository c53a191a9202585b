package io.adjoint.io;

import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.autograd.Autograd;
import io.adjoint.core.DType;
import io.adjoint.core.Generator;
import io.adjoint.core.NdArray;
import io.adjoint.nn.Init;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Tests that PyTorch loads, strictly, a state written here, and computes the same output. Runs in the profile {@code python}. */
@EnabledIfSystemProperty(named = "adjoint.python", matches = ".+")
class StateDictPythonTest {
    @TempDir
    Path folder;

    @Test
    void pyTorchLoadsEachCounterpartAndComputesTheSame() throws IOException, InterruptedException {
        Map<String, NdArray> arrays = new LinkedHashMap<>();
        for (Counterpart<?> row : Counterpart.ALL) {
            Map<String, NdArray> state = new StateDict(row.made(new Init(new Generator(5)).dtype(DType.FLOAT32))
                            .block())
                    .state();
            Map<String, NdArray> inputs = CounterpartFile.inputs(row);
            state.forEach((name, array) -> arrays.put(row + "/state/" + name, array));
            inputs.forEach((name, array) -> arrays.put(row + "/input/" + name, array));
            for (DType dtype : List.of(DType.FLOAT32, DType.FLOAT64)) {
                Counterpart.Made made = row.made(new Init(new Generator(6)).dtype(dtype));
                new StateDict(made.block()).load(state);
                arrays.put(
                        row + "/" + dtype,
                        Autograd.noGrad(() -> made.run().apply(CounterpartFile.converted(inputs, dtype)))
                                .data());
            }
        }
        Path file = folder.resolve("java.safetensors");
        Safetensors.save(file, arrays, new SafetensorsOptions().metadata(Map.of("format", "pt")));
        assertThat(PythonProgram.run("counterparts.py", "check", file.toString()))
                .isEqualTo(2 * Counterpart.ALL.size() + " outputs are PyTorch's\n");
    }
}
