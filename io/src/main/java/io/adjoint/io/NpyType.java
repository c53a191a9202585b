package io.adjoint.io;

import java.nio.ByteOrder;
import java.util.Map;

/**
 * The element type of an npy file, as given by its {@code descr}: the byte order, a letter for the kind of the elements, and the number of
 * bytes of an element.
 *
 * @param element the type of the elements
 * @param order the byte order of the elements
 */
record NpyType(ElementType element, ByteOrder order) {
    private static final Map<String, ElementType> ELEMENTS = Map.ofEntries(
            Map.entry("f8", ElementType.F64),
            Map.entry("f4", ElementType.F32),
            Map.entry("f2", ElementType.F16),
            Map.entry("i8", ElementType.I64),
            Map.entry("i4", ElementType.I32),
            Map.entry("i2", ElementType.I16),
            Map.entry("i1", ElementType.I8),
            Map.entry("u8", ElementType.U64),
            Map.entry("u4", ElementType.U32),
            Map.entry("u2", ElementType.U16),
            Map.entry("u1", ElementType.U8),
            Map.entry("b1", ElementType.BOOL));

    static String descr(ElementType element) {
        String code = ELEMENTS.entrySet().stream()
                .filter(entry -> entry.getValue() == element)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("NumPy has no " + element));
        return (element.bytes() == 1 ? "|" : "<") + code;
    }

    static NpyType of(String descr) throws Problem {
        String code = descr.isEmpty() ? "" : descr.substring(1);
        ElementType element = ELEMENTS.get(code);
        if (element == null) {
            throw new Problem("its elements are of type '" + descr + "', " + about(code) + "; read are "
                    + "f8, f4, f2, i8, i4, i2, i1, u8, u4, u2, u1 and b1");
        }
        return switch (descr.charAt(0)) {
            case '<' -> new NpyType(element, ByteOrder.LITTLE_ENDIAN);
            case '>' -> new NpyType(element, ByteOrder.BIG_ENDIAN);
            case '|' -> {
                Problem.require(element.bytes() == 1, "'" + descr + "' says no byte order");
                yield new NpyType(element, ByteOrder.LITTLE_ENDIAN);
            }
            default -> throw new Problem("'" + descr + "' begins with none of the byte orders <, > and |");
        };
    }

    private static String about(String code) {
        return switch (code.isEmpty() ? ' ' : code.charAt(0)) {
            case 'O' -> "Python objects, whose pickles are programs and are not run";
            case 'S', 'a', 'U' -> "strings";
            case 'c' -> "complex numbers";
            case 'V' -> "void, or structured";
            case 'M', 'm' -> "datetime64 or timedelta64";
            default -> "which Adjoint has not";
        };
    }
}
