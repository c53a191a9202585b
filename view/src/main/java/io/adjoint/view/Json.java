package io.adjoint.view;

import java.util.Locale;

/** Writes texts and numbers as JSON. */
final class Json {
    private Json() {}

    /** A JSON string. Unpaired surrogates are replaced by U+FFFD, since UTF-8 can't encode them. */
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

    /** A JSON number; infinities and NaN are strings, as in the JSON format of Protocol Buffers. */
    static String number(double value) {
        return Double.isFinite(value) ? Double.toString(value) : "\"" + value + "\"";
    }
}
