package io.adjoint.examples;

import java.text.ParsePosition;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** Draws dates from 1950 to 2049 as texts in the formats of ten countries. */
final class Dates {
    private static final List<Locale> LOCALES = Stream.of(
                    "en-US", "en-GB", "de-DE", "fr-FR", "it-IT", "es-ES", "nl-NL", "pl-PL", "sv-SE", "pt-PT")
            .map(Locale::forLanguageTag)
            .toList();
    private static final List<String> PATTERNS = List.of("d MMMM uuuu", "EEE d MMM uuuu", "uuuu MMM d", "MMMM d uuuu");
    private static final List<FormatStyle> STYLES = List.of(FormatStyle.FULL, FormatStyle.LONG, FormatStyle.MEDIUM);

    private Dates() {}

    /** Draws different texts at random; returns the date of each text. */
    static Map<String, LocalDate> draw(int count, RandomGenerator random) {
        Map<String, LocalDate> dates = new LinkedHashMap<>();
        while (dates.size() < count) {
            LocalDate date = LocalDate.of(1950, 1, 1).plusDays(random.nextInt(36_525));
            dates.putIfAbsent(format(random).format(date), date);
        }
        return dates;
    }

    /** Draws a localized format with probability 3/4, otherwise one of {@link #PATTERNS}. */
    private static DateTimeFormatter format(RandomGenerator random) {
        Locale locale = LOCALES.get(random.nextInt(LOCALES.size()));
        int style = random.nextInt(STYLES.size() + 1);
        return style < STYLES.size()
                ? DateTimeFormatter.ofLocalizedDate(STYLES.get(style)).withLocale(locale)
                : DateTimeFormatter.ofPattern(PATTERNS.get(random.nextInt(PATTERNS.size())), locale);
    }

    /** The number of texts that java.time can parse by one of its formats for American English. */
    static long parsed(List<String> texts) {
        return texts.stream()
                .filter(text -> STYLES.stream().anyMatch(style -> isReadBy(style, text)))
                .count();
    }

    private static boolean isReadBy(FormatStyle style, String text) {
        DateTimeFormatter format = DateTimeFormatter.ofLocalizedDate(style).withLocale(Locale.US);
        return format.parseUnresolved(text, new ParsePosition(0)) != null;
    }
}
