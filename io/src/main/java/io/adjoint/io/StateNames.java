package io.adjoint.io;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Rules for the names of a state: how names are changed, and which arrays are ignored.
 *
 * @param renamings the replacements, applied one after the other
 * @param ignored the patterns of names to be ignored
 * @param only if not empty, names that match none of these patterns are ignored, too
 */
record StateNames(List<Renaming> renamings, List<Pattern> ignored, List<Pattern> only) {
    /** A replacement of all matches of a pattern in the names of a state. */
    record Renaming(Pattern regex, String replacement) {}

    StateNames() {
        this(List.of(), List.of(), List.of());
    }

    StateNames rename(String regex, String replacement) {
        return new StateNames(appended(renamings, new Renaming(Pattern.compile(regex), replacement)), ignored, only);
    }

    StateNames ignore(String regex) {
        return new StateNames(renamings, appended(ignored, Pattern.compile(regex)), only);
    }

    StateNames only(String regex) {
        return new StateNames(renamings, ignored, appended(only, Pattern.compile(regex)));
    }

    static <T> List<T> appended(List<T> list, T last) {
        return Stream.concat(list.stream(), Stream.of(last)).toList();
    }

    String renamed(String name) {
        String renamed = name;
        for (Renaming renaming : renamings) {
            renamed = renaming.regex().matcher(renamed).replaceAll(renaming.replacement());
        }
        return renamed;
    }

    boolean isIgnored(String name) {
        return ignored.stream().anyMatch(regex -> regex.matcher(name).find())
                || (!only.isEmpty()
                        && only.stream().noneMatch(regex -> regex.matcher(name).find()));
    }
}
