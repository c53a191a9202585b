package io.adjoint.io;

import static io.adjoint.io.Problem.require;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads the dictionary of an npy header. The dictionary is a Python expression, which is parsed and never evaluated. It must have exactly
 * three keys, in any order; values are strings, True, False and tuples of integers.
 */
final class NpyDictionary {
    private final String text;

    private int at;

    private NpyDictionary(String text) {
        this.text = text;
    }

    /**
     * Reads a dictionary.
     *
     * @param name the array's name
     * @param length the number of bytes before the elements
     */
    static NpyHeader parse(String text, String name, int length) throws Problem {
        return new NpyDictionary(text).header(name, length);
    }

    private NpyHeader header(String name, int length) throws Problem {
        String descr = "";
        boolean fortran = false;
        long[] dims = {};
        Set<String> seen = new HashSet<>();
        expect('{');
        while (!accept('}')) {
            String key = string();
            require(seen.add(key), "its header has '" + key + "' twice");
            expect(':');
            switch (key) {
                case "descr" -> descr = descr();
                case "fortran_order" -> fortran = truth();
                case "shape" -> dims = tuple();
                default -> throw new Problem("its header has a field '" + key + "'");
            }
            if (!accept(',')) {
                expect('}');
                break;
            }
        }
        skipSpaces();
        require(at == text.length(), "its header goes on after its end, at character " + at);
        require(seen.size() == 3, "its header has not all of descr, fortran_order and shape");
        NpyType type = NpyType.of(descr);
        return new NpyHeader(TensorInfo.parsed(name, type.element(), dims), type.order(), fortran, length);
    }

    private String descr() throws Problem {
        skipSpaces();
        require(
                at < text.length() && text.charAt(at) != '[' && text.charAt(at) != '(',
                "it is a structured array, which Adjoint has not");
        return string();
    }

    private boolean truth() throws Problem {
        skipSpaces();
        boolean value = text.startsWith("True", at);
        require(value || text.startsWith("False", at), unexpected("True or False"));
        at += value ? 4 : 5;
        return value;
    }

    private long[] tuple() throws Problem {
        List<Long> numbers = new ArrayList<>();
        expect('(');
        boolean comma = true;
        while (!accept(')')) {
            require(comma, unexpected("',' or ')'"));
            require(numbers.size() < TensorInfo.MAX_AXES, "it has more than " + TensorInfo.MAX_AXES + " axes");
            numbers.add(number());
            comma = accept(',');
        }
        // In Python (3) is a number in parentheses, not a tuple.
        require(numbers.size() != 1 || comma, "its shape is no tuple");
        return numbers.stream().mapToLong(number -> number).toArray();
    }

    private long number() throws Problem {
        skipSpaces();
        int from = at;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        String digits = text.substring(from, at);
        require(TensorInfo.isSize(digits), unexpected("a size instead of '" + digits + "'"));
        // Python 2 wrote large integers with an L at the end.
        if (text.startsWith("L", at)) {
            at++;
        }
        return Long.parseLong(digits);
    }

    private String string() throws Problem {
        skipSpaces();
        char quote = at < text.length() ? text.charAt(at) : ' ';
        require(quote == '\'' || quote == '"', unexpected("a string"));
        int end = text.indexOf(quote, at + 1);
        require(end > 0, unexpected("a string that ends"));
        String value = text.substring(at + 1, end);
        require(value.indexOf('\\') < 0 && value.indexOf('\n') < 0, unexpected("a string without '\\'"));
        at = end + 1;
        return value;
    }

    private boolean accept(char c) {
        skipSpaces();
        boolean there = at < text.length() && text.charAt(at) == c;
        at += there ? 1 : 0;
        return there;
    }

    private void expect(char c) throws Problem {
        require(accept(c), unexpected("'" + c + "'"));
    }

    private void skipSpaces() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private String unexpected(String expected) {
        return "its header is not that of an array: at character " + at + " there should be " + expected;
    }
}
