package io.adjoint.proof;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.CheckReturnValue;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import io.adjoint.core.Internal;
import io.adjoint.core.Stateful;
import io.adjoint.distributions.Distribution;
import io.adjoint.nn.Block;
import io.adjoint.nn.metric.Metric;
import io.adjoint.nn.optim.Optimizer;
import io.adjoint.nn.optim.Schedule;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Tests the rule of docs/settings.md. A method that returns its own type either changes its object and returns it, so that the result may
 * be ignored; or it returns a copy, and its class is annotated so that ignoring the result is an error.
 */
@AnalyzeClasses(packages = "io.adjoint", importOptions = DoNotIncludeTests.class)
class SettingsTest {
    private static final List<String> MODULES =
            List.of("core", "autograd", "fit", "distributions", "nn", "io", "view", "testkit");

    @ArchTest
    static void aResultThatMayBeIgnoredIsTheObjectItself(JavaClasses ours) {
        List<JavaMethod> settings =
                settings(ours).filter(SettingsTest::mayBeIgnored).toList();

        assertThat(settings).hasSizeGreaterThan(80);
        assertThat(settings)
                .allSatisfy(setting -> assertThat(ReturnedObjects.isAlwaysThis(setting))
                        .as("%s returns the object that it changes, and nothing else", setting.getFullName())
                        .isTrue());
    }

    @ArchTest
    static void anObjectThatIsAlwaysReturnedIsOneThatMethodsChange(JavaClasses ours) {
        List<JavaMethod> results = settings(ours)
                .filter(method -> !mayBeIgnored(method))
                .filter(method -> !method.getModifiers().contains(JavaModifier.ABSTRACT))
                .toList();

        assertThat(results).hasSizeGreaterThan(300);
        assertThat(results)
                .allSatisfy(result -> assertThat(ReturnedObjects.isAlwaysThis(result))
                        .as("%s returns a copy, or has @CanIgnoreReturnValue", result.getFullName())
                        .isFalse());
    }

    @ArchTest
    static void aClassWhoseMethodsReturnCopiesSaysSo(JavaClasses ours) {
        List<JavaClass> values = userClasses(ours)
                .filter(type -> ownTyped(type)
                        .anyMatch(method -> !mayBeIgnored(method) && !method.isAnnotatedWith(CheckReturnValue.class)))
                .toList();

        assertThat(values).hasSizeGreaterThan(60);
        assertThat(values)
                .allSatisfy(type -> assertThat(type.isAnnotatedWith(CheckReturnValue.class))
                        .as("%s has @CheckReturnValue", type.getName())
                        .isTrue());
    }

    /** Classes without a state whose settings change the object all the same: programs fill them step by step, or they write to a file. */
    @ArchTest
    static void aClassWithAStateChangesItselfAndSoDoOnlyTheseOthers(JavaClasses ours) {
        assertThat(userClasses(ours)
                        .filter(type -> !type.isAssignableTo(Stateful.class))
                        .filter(type -> ownTyped(type).anyMatch(SettingsTest::mayBeIgnored))
                        .map(JavaClass::getSimpleName))
                .as("classes without a state that change themselves: list the class here, or return a copy")
                .containsExactlyInAnyOrder(
                        "Tensor", // retainGrad()
                        "ParameterGroup",
                        "Checkpoints",
                        "CsvLog",
                        "MlflowLog",
                        "TensorBoardLog",
                        "ChainRulePage",
                        "GraphPage",
                        "GraphView",
                        "OnnxNode");
        assertThat(userClasses(ours)
                        .filter(type -> type.isAssignableTo(Stateful.class) && !type.isAssignableTo(Block.class))
                        .filter(type -> ownTyped(type).anyMatch(method -> !mayBeIgnored(method))))
                .as("classes with a state whose settings return copies")
                .isEmpty();
    }

    @ArchTest
    static void thePageNamesEveryClassThatChangesItself(JavaClasses ours) throws IOException {
        String page = Files.readString(DocumentationTest.ROOT.resolve(Path.of("docs", "settings.md")));
        String row = page.lines()
                .filter(line -> line.startsWith("| carries something on"))
                .findFirst()
                .orElseThrow();

        assertThat(userClasses(ours)
                        .filter(type -> !type.isAnnotatedWith(CheckReturnValue.class))
                        .filter(type -> ownTyped(type).anyMatch(SettingsTest::mayBeIgnored))
                        .filter(type -> type.isEquivalentTo(Optimizer.class) || !type.isAssignableTo(Optimizer.class))
                        .filter(type -> !type.isAssignableTo(Metric.class))
                        .map(JavaClass::getSimpleName))
                .isNotEmpty()
                .filteredOn(name -> !row.contains("`" + name + "`"))
                .as("classes to name in docs/settings.md, in the row of objects that change")
                .isEmpty();
        assertThat(row).contains("every `Metric`");
    }

    /**
     * A setting that returned a supertype would lose the settings of the class: {@code new Huber(2).reduction(SUM).delta()}. Copies of
     * blocks, a container's blocks, combinations of schedules and parts of a distribution are no settings.
     */
    @ArchTest
    static void aSettingReturnsTheTypeOfItsClass(JavaClasses ours) {
        List<Class<?>> classes = userClasses(ours)
                .filter(type -> !type.getModifiers().contains(JavaModifier.ABSTRACT))
                .filter(type -> Stream.of(Block.class, Schedule.class, Distribution.class)
                        .noneMatch(type::isAssignableTo))
                .<Class<?>>map(JavaClass::reflect)
                .toList();

        assertThat(classes).hasSizeGreaterThan(200);
        assertThat(classes)
                .allSatisfy(type -> assertThat(Arrays.stream(type.getMethods())
                                .filter(method -> !method.isBridge() && !Modifier.isStatic(method.getModifiers()))
                                .filter(method ->
                                        method.getReturnType().getName().startsWith("io.adjoint."))
                                .filter(method -> method.getReturnType().isAssignableFrom(type))
                                // A type variable stands for the class itself, as in Adam extends AdamBase<Adam>.
                                .filter(method ->
                                        method.getGenericReturnType() instanceof Class<?> result && result != type)
                                .map(Method::getName))
                        .as("settings of %s that return another type", type.getName())
                        .isEmpty());
    }

    /**
     * A boolean says nothing at a call, unless it is the only argument of a setting that is named for it: {@code dropLast(true)}. Records
     * have their components as arguments, and a boolean that is data may be one.
     */
    @ArchTest
    static void noCallTakesABooleanBesideOtherArguments(JavaClasses ours) {
        assertThat(userClasses(ours)
                        .filter(type -> !type.isRecord())
                        .flatMap(type -> type.getCodeUnits().stream())
                        .filter(call -> call.getModifiers().contains(JavaModifier.PUBLIC)
                                && !call.getModifiers().contains(JavaModifier.SYNTHETIC))
                        .filter(call -> call.getRawParameterTypes().size() > 1
                                && call.getRawParameterTypes().stream()
                                        .anyMatch(type -> type.isEquivalentTo(boolean.class)))
                        .map(call -> call.getOwner().getSimpleName() + "." + call.getName()))
                .containsExactlyInAnyOrder("Tensor.of", "StateFields.has", "StateFields.require", "LayerReference.of");
    }

    /**
     * No other results than these may be ignored; these are results of methods that are called for their effect on an object or argument.
     */
    @ArchTest
    static void noOtherResultMayBeIgnoredButThese(JavaClasses ours) {
        assertThat(ours.stream()
                        .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC)
                                && !type.isAnnotatedWith(Internal.class))
                        .flatMap(type -> type.getMethods().stream())
                        .filter(SettingsTest::mayBeIgnored)
                        .filter(method -> !method.getModifiers().contains(JavaModifier.PRIVATE))
                        .filter(method -> !isOwnTyped(method, method.getOwner()))
                        .map(method -> method.getOwner().getSimpleName() + "." + method.getName()))
                .containsExactlyInAnyOrder(
                        "Shape.axes",
                        "StateFields.number",
                        "StateFields.count",
                        "StateFields.longCount",
                        "StateFields.longCounts",
                        "StateFields.check",
                        "StateFields.check",
                        "StateFields.numbers",
                        "StateFields.array",
                        "StateFields.array",
                        "Tensor.onGradient",
                        "Tensor.afterAccumulation",
                        "Autograd.enableGrad",
                        "Debug.traced",
                        "Debug.detectNaN",
                        "Debug.within",
                        "Workspace.keep",
                        "Workspace.run",
                        "Block.parameter",
                        "Block.parameters",
                        "Block.parameters",
                        "Block.buffer",
                        "Block.child",
                        "Block.replace",
                        "Block.replace",
                        "Layer.onForward",
                        "Layer.beforeForward",
                        "Layer.afterForward",
                        "Layer.onOutputGradient",
                        "ForwardObserver.observe",
                        "Trainer.fit",
                        "Trainer.fit",
                        "Optimizer.step",
                        "Optimizer.beforeStep",
                        "Optimizer.afterStep",
                        "Optimizer.add",
                        "Clip.norm",
                        "Clip.norm",
                        "Clip.finiteNorm",
                        "Plateau.step",
                        "Checkpoints.resume",
                        "Checkpoints.load",
                        "LBFGS.step",
                        "RecurrentCell.requireSizes",
                        "StateDict.load",
                        "Reference.build");
    }

    private static Stream<JavaClass> userClasses(JavaClasses ours) {
        return ours.stream()
                .filter(type -> MODULES.stream()
                        .anyMatch(module -> (type.getPackageName() + ".").startsWith("io.adjoint." + module + ".")))
                .filter(type -> Stream.iterate(
                                type, owner -> owner.getEnclosingClass().orElse(null))
                        .takeWhile(owner -> owner != null)
                        .allMatch(owner -> owner.getModifiers().contains(JavaModifier.PUBLIC)
                                && !owner.isAnnotatedWith(Internal.class)));
    }

    private static Stream<JavaMethod> settings(JavaClasses ours) {
        return userClasses(ours).flatMap(SettingsTest::ownTyped).distinct();
    }

    /** The public methods of a class, also inherited ones, that return the class or a supertype of it. */
    private static Stream<JavaMethod> ownTyped(JavaClass type) {
        return type.getAllMethods().stream().filter(method -> isOwnTyped(method, type));
    }

    private static boolean isOwnTyped(JavaMethod method, JavaClass type) {
        return method.getModifiers().contains(JavaModifier.PUBLIC)
                && !method.getModifiers().contains(JavaModifier.STATIC)
                && !method.getModifiers().contains(JavaModifier.SYNTHETIC)
                && method.getRawReturnType().getName().startsWith("io.adjoint.")
                && type.isAssignableTo(method.getRawReturnType().getName());
    }

    private static boolean mayBeIgnored(JavaMember method) {
        return method.isAnnotatedWith(CanIgnoreReturnValue.class)
                && !method.getModifiers().contains(JavaModifier.SYNTHETIC);
    }
}
