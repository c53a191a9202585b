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

    /** The failure of a property; empty if it passes. */
    static Optional<Throwable> failure(Class<?> container, String method) {
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(Arrays.stream(container.getDeclaredMethods())
                        .filter(each -> each.getName().equals(method))
                        .map(each -> DiscoverySelectors.selectMethod(container, each))
                        .toArray(DiscoverySelector[]::new))
                .filters(EngineFilter.includeEngines("jqwik"))
                .configurationParameter("jqwik.database", "")
                .configurationParameter("jqwik.reporting.usejunitplatform", "true")
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
        if (outcomes.size() != 1) {
            throw new AssertionError("expected one property " + method + ", ran " + outcomes);
        }
        return outcomes.get(0).failure();
    }
}
