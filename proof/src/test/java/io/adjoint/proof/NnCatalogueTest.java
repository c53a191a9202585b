package io.adjoint.proof;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.adjoint.nn.Block;
import io.adjoint.nn.BlockList;
import io.adjoint.nn.BlockMap;
import io.adjoint.nn.metric.Metric;
import io.adjoint.nn.optim.Optimizer;
import io.adjoint.nn.optim.Schedule;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Tests that every layer, loss, optimizer, schedule and metric of nn has a row, and that the testkit's checks pass for all rows. */
class NnCatalogueTest {
    private static final JavaClasses NN = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.adjoint.nn");

    @TestFactory
    Stream<DynamicTest> everyLayerHasTheKitsProperties() {
        return LayerCatalogue.ROWS.stream()
                .map(row -> DynamicTest.dynamicTest(
                        row.spec().name(), () -> row.spec().check()));
    }

    @TestFactory
    Stream<DynamicTest> everyLossOfOtherArgumentsHasTheKitsProperties() {
        return LossCatalogue.ROWS.stream()
                .map(row -> DynamicTest.dynamicTest(
                        row.operation().name(), () -> row.operation().check()));
    }

    @TestFactory
    Stream<DynamicTest> everyScheduleHasTheKitsProperties() {
        return ScheduleCatalogue.SPECS.stream().map(spec -> DynamicTest.dynamicTest(spec.name(), () -> spec.check()));
    }

    @TestFactory
    Stream<DynamicTest> everyMetricHasTheKitsProperties() {
        return MetricCatalogue.SPECS.stream().map(spec -> DynamicTest.dynamicTest(spec.name(), () -> spec.check()));
    }

    @Test
    void everyBlockHasARow() {
        Missing.none(
                "blocks",
                "LayerCatalogue",
                // Lists and maps of blocks are left out, since they compute nothing.
                concrete(type -> type.isAssignableTo(Block.class)
                        && !type.isAssignableTo(BlockList.class)
                        && !type.isAssignableTo(BlockMap.class)),
                names(LayerCatalogue.ROWS.stream().map(LayerCatalogue.Row::type)));
    }

    @Test
    void everyLossHasARow() {
        Stream<Class<?>> listed = Stream.concat(
                LossCatalogue.IN_LOSS_FAMILY.stream(),
                LossCatalogue.ROWS.stream().map(LossCatalogue.Row::type));

        Missing.none(
                "losses",
                "LossCatalogue",
                concrete(type -> type.getPackageName().equals("io.adjoint.nn.loss")
                        && type.getAllMethods().stream()
                                .anyMatch(method -> method.getName().equals("forward"))),
                names(listed));
    }

    @Test
    void everyOptimizerAndEveryScheduleHasARow() {
        Missing.none(
                "optimizers",
                "OptimizerCatalogue",
                concrete(type -> type.isAssignableTo(Optimizer.class)),
                names(OptimizerCatalogue.ROWS.stream().map(OptimizerCatalogue.Row::type)));
        Missing.none(
                "schedules",
                "ScheduleCatalogue",
                concrete(type -> type.isAssignableTo(Schedule.class)),
                names(ScheduleCatalogue.ROWS.stream()
                        .map(ScheduleCatalogue.Row::type)
                        .filter(type -> !type.isInterface())));
    }

    @Test
    void everyScheduleAndEveryMetricHasASpec() {
        Missing.none(
                "schedules without a spec in ScheduleCatalogue",
                concrete(type -> type.isAssignableTo(Schedule.class)),
                names(ScheduleCatalogue.SPECS.stream()
                        .map(spec -> spec.factory().get().getClass())));
        Missing.none(
                "metrics without a spec in MetricCatalogue",
                concrete(type -> type.isAssignableTo(Metric.class)),
                names(MetricCatalogue.SPECS.stream()
                        .map(spec -> spec.factory().get().getClass())));
    }

    @Test
    void everyMetricHasARow() {
        Missing.none(
                "metrics",
                "MetricCatalogue",
                concrete(type -> type.isAssignableTo(Metric.class)),
                names(MetricCatalogue.ROWS.stream().map(MetricCatalogue.Row::type)));
    }

    private static Set<String> names(Stream<? extends Class<?>> types) {
        return types.map(Class::getName).collect(Collectors.toCollection(TreeSet::new));
    }

    /** The names of nn's public concrete classes of a kind. */
    private static Set<String> concrete(Predicate<JavaClass> kind) {
        return NN.stream()
                .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
                .filter(type -> !type.isInterface() && !type.getModifiers().contains(JavaModifier.ABSTRACT))
                .filter(kind)
                .map(JavaClass::getName)
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
