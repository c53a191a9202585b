package io.adjoint.examples;

import io.adjoint.core.DType;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** The arguments of an example whose network can compute in FLOAT64 or FLOAT32. */
class TypedOptions extends ExampleOptions {
    @Option(
            names = "--dtype",
            converter = Floating.class,
            description = "The dtype of the network: FLOAT64 or FLOAT32.")
    private DType dtype;

    /** Makes arguments whose dtype is {@code usual} unless the user names one. */
    TypedOptions(DType usual) {
        dtype = usual;
    }

    final DType dtype() {
        return dtype;
    }

    /** Converts an argument to a floating dtype. */
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
