package io.adjoint.view;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A live page at one moment, made once for all its readers.
 *
 * @param version the number of the report's changes until then
 * @param isLast true for the last one
 * @param nanos the {@link System#nanoTime} at which it was made
 * @param about the line below the heading
 * @param sections the sections, whose content is written already
 * @param parts the events that send the sections, by their ids; a section that is as before has the array that it had before
 */
record Rendering(
        long version, boolean isLast, long nanos, String about, List<Section> sections, Map<String, byte[]> parts) {

    static Rendering of(Recorded content, long version, boolean isLast, @Nullable Rendering before) {
        List<Section> sections = new ArrayList<>();
        Map<String, byte[]> parts = new HashMap<>();
        for (Section section : content.sections()) {
            String text = section.text();
            byte[] part = event("part", section.id() + "\n" + text);
            byte[] known = before == null ? null : before.parts().get(section.id());
            parts.put(section.id(), known != null && Arrays.equals(part, known) ? known : part);
            sections.add(new Section(section.id(), section.title(), markup -> markup.raw(text)));
        }
        return new Rendering(version, isLast, System.nanoTime(), content.about(), sections, parts);
    }

    /** A server-sent event. */
    static byte[] event(String name, String data) {
        String lines = data.lines().map(line -> "data: " + line + "\n").collect(Collectors.joining());
        return ("event: " + name + "\n" + lines + "\n").getBytes(StandardCharsets.UTF_8);
    }
}
