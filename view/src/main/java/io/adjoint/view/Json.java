package io.adjoint.view;

import java.util.Locale;

/** Texts and numbers as JSON. */
final class Json {
    private Json() {}

    /** A string; halves of pairs without the other half are replaced, since UTF-8 has none. */
    static String text(String text) {
        StringBuilder out = new StringBuilder("\"");
        text.codePoints().forEach(point -> {
            boolean isHalf = point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
            if (point == '"' || point == '\\') {
                out.append('\\').append((char) point);
            } else if (Character.isISOControl(point) || point == 0x2028 || point == 0x2029) {
                out.append(String.format(Locale.ROOT, "\\u%04x", point));
            } else {
                out.appendCodePoint(isHalf ? 0xFFFD : point);
            }
        });
        return out.append('"').toString();
    }

    /** A number; one that is infinite or NaN as a string, as Protocol Buffers have it in JSON. */
    static String number(double value) {
        return Double.isFinite(value) ? Double.toString(value) : "\"" + value + "\"";
    }
}
