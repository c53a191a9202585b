package io.adjoint.testkit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.EngineFilter;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Runs properties as Maven and IDEs do: by the JUnit platform and jqwik's engine. */
final class PropertyRunner {
    private static final Launcher LAUNCHER = LauncherFactory.create();

    /** The logger that would report each time that the database of failures is off; kept here, as loggers are held weakly. */
    private static final Logger NOISE = Logger.getLogger("net.jqwik");

    static {
        NOISE.setLevel(Level.OFF);
    }

    private PropertyRunner() {}

    /** The outcome of a property: its name, and why it fails if it does. */
    record Outcome(String name, Optional<Throwable> failure) {}

    static List<Outcome> run(Class<?> container, String... methods) {
        return run(container, 0, methods);
    }

    /** Runs all properties with as many tries as the tests of the build have, for results that any try shows. */
    static List<Outcome> runBriefly(Class<?> container) {
        return run(container, Search.defaultTries());
    }

    /** Runs with a default number of tries, jqwik's own if it is 0. */
    private static List<Outcome> run(Class<?> container, int tries, String... methods) {
        DiscoverySelector[] selectors = methods.length == 0
                ? new DiscoverySelector[] {DiscoverySelectors.selectClass(container)}
                : Arrays.stream(container.getDeclaredMethods())
                        .filter(method -> List.of(methods).contains(method.getName()))
                        .map(method -> DiscoverySelectors.selectMethod(container, method))
                        .toArray(DiscoverySelector[]::new);
        LauncherDiscoveryRequestBuilder builder = LauncherDiscoveryRequestBuilder.request()
                .selectors(selectors)
                .filters(EngineFilter.includeEngines("jqwik"))
                .configurationParameter("jqwik.database", "")
                .configurationParameter("jqwik.reporting.usejunitplatform", "true");
        LauncherDiscoveryRequest request = (tries == 0
                        ? builder
                        : builder.configurationParameter("jqwik.tries.default", Integer.toString(tries)))
                .build();
        List<Outcome> outcomes = new ArrayList<>();
        LAUNCHER.execute(request, new TestExecutionListener() {
            @Override
            public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                if (test.isTest() || result.getThrowable().isPresent()) {
                    outcomes.add(new Outcome(test.getDisplayName(), result.getThrowable()));
                }
            }
        });
        return outcomes;
    }

    /** The failure of the only property that runs; empty if it passes. */
    static Optional<Throwable> failure(Class<?> container, String method) {
        List<Outcome> outcomes = run(container, method);
        if (outcomes.size() != 1) {
            throw new AssertionError("expected one property " + method + ", ran " + outcomes);
        }
        return outcomes.get(0).failure();
    }
}
