package io.adjoint.testkit;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.JqwikException;
import net.jqwik.api.RandomGenerator;
import net.jqwik.api.Shrinkable;
import net.jqwik.api.sessions.JqwikSession;
import org.opentest4j.TestAbortedException;

/** Draws cases until a case fails, and shrinks this case: for checks that run outside of a jqwik property. */
final class Search {
    private static final long MOST_NANOS = 5_000_000_000L;

    private Search() {}

    /** The default number of cases to draw: the system property {@code adjoint.tries}, or 100 if it is not set. */
    static int defaultTries() {
        return Integer.getInteger("adjoint.tries", 100);
    }

    /**
     * Checks cases; if one fails, throws the error of the smallest failing case that shrinking finds.
     *
     * @param what the words that name the checked property in the message
     */
    static void run(String what, Arbitrary<Case> cases, int tries, long seed, Consumer<Case> check) {
        inSession(() -> {
            search(what, cases, tries, seed, check);
            return true;
        });
    }

    /** Draws and checks some cases; doesn't shrink a failing case, since this is for checks that need cases of a certain size. */
    static void large(Arbitrary<Case> cases, int count, long seed, Consumer<Case> check) {
        inSession(() -> {
            RandomGenerator<Case> generator = cases.generator(1000);
            Random random = new Random(seed);
            for (int k = 0; k < count; k++) {
                check.accept(generator.next(random).value());
            }
            return true;
        });
    }

    /** Returns whether a condition holds for all drawn cases; stops at the first case for which the condition doesn't hold. */
    static boolean allMatch(Arbitrary<Case> cases, int tries, long seed, Predicate<Case> condition) {
        return inSession(() -> {
            RandomGenerator<Case> generator = cases.generator(1000);
            Random random = new Random(seed);
            return IntStream.range(0, tries)
                    .allMatch(t -> condition.test(generator.next(random).value()));
        });
    }

    @CanIgnoreReturnValue
    private static <T> T inSession(Supplier<T> body) {
        boolean own = startsSession();
        try {
            return body.get();
        } finally {
            if (own) {
                JqwikSession.finish();
            }
        }
    }

    /** Starts the jqwik session that arbitraries need outside of properties; returns false if there was a session already. */
    private static boolean startsSession() {
        try {
            if (JqwikSession.isActive()) {
                return false;
            }
            JqwikSession.start();
            return true;
        } catch (JqwikException withinProperty) {
            return false;
        } catch (NullPointerException | LinkageError noEngine) {
            // jqwik's API finds its engine by the service loader, and doesn't check whether the loader has found an
            // engine.
            throw new IllegalStateException(
                    "adjoint-testkit: jqwik's engine is missing on the class path, and draws the cases: add"
                            + " net.jqwik:jqwik-engine, of the version of jqwik-api, with the scope test",
                    noEngine);
        }
    }

    private static void search(String what, Arbitrary<Case> cases, int tries, long seed, Consumer<Case> check) {
        RandomGenerator<Case> generator = cases.generator(1000);
        Random random = new Random(seed);
        for (int t = 0; t < tries; t++) {
            Shrinkable<Case> drawn = generator.next(random);
            Case value = drawn.value();
            Optional<Throwable> failure = failure(check, value);
            if (failure.isPresent()) {
                PropertyFailure smallest = smallest(what, drawn, value, failure.get(), check);
                throw smallest.withSeed(Long.toString(seed));
            }
        }
    }

    private static PropertyFailure smallest(
            String what, Shrinkable<Case> drawn, Case value, Throwable failure, Consumer<Case> check) {
        long end = System.nanoTime() + MOST_NANOS;
        Shrinkable<Case> current = drawn;
        Case smallest = value;
        Throwable why = failure;
        boolean found = true;
        while (found && System.nanoTime() < end) {
            found = false;
            for (Shrinkable<Case> candidate : (Iterable<Shrinkable<Case>>) current.shrink()::iterator) {
                Case smaller = candidate.value();
                Optional<Throwable> still = failure(check, smaller);
                if (still.isPresent()) {
                    current = candidate;
                    smallest = smaller;
                    why = still.get();
                    found = true;
                    break;
                }
            }
        }
        return new PropertyFailure(what + ": " + Failures.message(why), smallest, why, "");
    }

    private static Optional<Throwable> failure(Consumer<Case> check, Case value) {
        try {
            check.accept(value.copy());
            return Optional.empty();
        } catch (TestAbortedException assumption) {
            return Optional.empty();
        } catch (RuntimeException | AssertionError failure) {
            return Optional.of(failure);
        }
    }
}
