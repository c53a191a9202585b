package io.adjoint.examples;

import io.adjoint.core.DType;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** The arguments of an example whose network computes in either floating dtype. */
class TypedOptions extends ExampleOptions {
    @Option(
            names = "--dtype",
            converter = Floating.class,
            description = "The dtype of the network: FLOAT64 or FLOAT32.")
    private DType dtype;

    /** Has the dtype that the example takes if the user names none. */
    TypedOptions(DType usual) {
        dtype = usual;
    }

    final DType dtype() {
        return dtype;
    }

    /** Understands the names of floating dtypes. */
    static final class Floating implements CommandLine.ITypeConverter<DType> {
        @Override
        public DType convert(String name) {
            return Stream.of(DType.FLOAT64, DType.FLOAT32)
                    .filter(dtype -> dtype.name().equals(name))
                    .findFirst()
                    .orElseThrow(
                            () -> new CommandLine.TypeConversionException("must be FLOAT64 or FLOAT32, got " + name));
        }
    }
}
