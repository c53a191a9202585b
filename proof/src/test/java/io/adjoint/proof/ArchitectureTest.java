package io.adjoint.proof;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.CheckReturnValue;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.lang.conditions.ArchConditions;
import io.adjoint.core.Internal;
import java.io.Externalizable;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;

/** The dependencies that are allowed, of all that is no test in any module. */
@AnalyzeClasses(packages = "io.adjoint", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule coreStandsAlone =
            noClasses().that().resideInAPackage("io.adjoint.core..").should(dependOutside("io.adjoint.core.."));

    @ArchTest
    static final ArchRule autogradKnowsOnlyCore = noClasses()
            .that()
            .resideInAPackage("io.adjoint.autograd..")
            .should(dependOutside("io.adjoint.core..", "io.adjoint.autograd.."));

    @ArchTest
    static final ArchRule nnKnowsNoTestkit = noClasses()
            .that()
            .resideInAPackage("io.adjoint.nn..")
            .should(dependOutside("io.adjoint.core..", "io.adjoint.autograd..", "io.adjoint.nn.."));

    @ArchTest
    static final ArchRule ioKnowsNoTestkit = noClasses()
            .that()
            .resideInAPackage("io.adjoint.io..")
            .should(dependOutside("io.adjoint.core..", "io.adjoint.autograd..", "io.adjoint.nn..", "io.adjoint.io.."));

    /** Formats store maps of arrays, whatever these belong to. */
    @ArchTest
    static final ArchRule formatsKnowNoModels = noClasses()
            .that()
            .resideInAPackage("io.adjoint.io")
            .and()
            .haveNameNotMatching(".*\\.(Checkpoint|State|TorchNames|LoadReport).*")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.adjoint.nn..");

    @ArchTest
    static final ArchRule testkitKnowsNoFiles = noClasses()
            .that()
            .resideInAPackage("io.adjoint.testkit..")
            .should(dependOutside(
                    "io.adjoint.core..", "io.adjoint.autograd..", "io.adjoint.nn..", "io.adjoint.testkit.."));

    /** Files are read by what the JDK has, and a parser of JSON. */
    @ArchTest
    static final ArchRule ioNeedsOnlyGson = classes()
            .that()
            .resideInAPackage("io.adjoint.io..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "java..",
                    "io.adjoint..",
                    "com.google.gson..",
                    "org.jspecify.annotations..",
                    "com.google.errorprone.annotations..");

    @ArchTest
    static final ArchRule onlyIoKnowsGson = noClasses()
            .that()
            .resideOutsideOfPackage("io.adjoint.io..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.google.gson..");

    @ArchTest
    static final ArchRule onlyCoreKnowsEjml = noClasses()
            .that()
            .resideOutsideOfPackage("io.adjoint.core..")
            // It measures EJML beside Adjoint.
            .and()
            .doNotHaveSimpleName("EjmlBenchmark")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.ejml..");

    @ArchTest
    static final ArchRule loopsLiveInCore = classes()
            .that()
            .haveSimpleNameEndingWith("Kernels")
            .or()
            .haveSimpleNameEndingWith("Loops")
            .should()
            .resideInAPackage("io.adjoint.core..");

    @ArchTest
    static final ArchRule internalTypesAreForTheLibraryAlone = classes()
            .that()
            .areAnnotatedWith(Internal.class)
            .should()
            .onlyHaveDependentClassesThat()
            .resideInAnyPackage(
                    "io.adjoint.core..",
                    "io.adjoint.simd..",
                    "io.adjoint.autograd..",
                    "io.adjoint.nn..",
                    "io.adjoint.io..");

    @ArchTest
    static final ArchRule simdDependsOnCoreAlone = noClasses()
            .that()
            .resideInAPackage("io.adjoint.simd..")
            .should(dependOutside("io.adjoint.core..", "io.adjoint.simd.."));

    @ArchTest
    static final ArchRule onlySimdUsesTheVectorApi = noClasses()
            .that()
            .resideOutsideOfPackage("io.adjoint.simd..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("jdk.incubator.vector..");

    /** But for {@link Internal}, which is a mark and depends on nothing. */
    @ArchTest
    static final ArchRule packagesHaveNoCycles = slices().matching("io.adjoint.(**)")
            .should()
            .beFreeOfCycles()
            .ignoreDependency(DescribedPredicate.alwaysTrue(), JavaClass.Predicates.equivalentTo(Internal.class));

    @ArchTest
    static final ArchRule nothingReadsOrWritesObjects = noClasses()
            .should()
            .dependOnClassesThat()
            .belongToAnyOf(ObjectInputStream.class, ObjectOutputStream.class)
            .because("Java serialization runs whatever a file tells it to");

    @ArchTest
    static final ArchRule nothingIsSerializableOnPurpose = noClasses().should(declareItselfSerializable());

    @ArchTest
    static final ArchRule reflectionMayCallWhatIsPublic =
            classes().that(arePublicWithTheirOwners()).should(inheritPublicMethodsFromPublicTypesOnly());

    @ArchTest
    static final ArchRule aResultThatIsIgnoredIsAMistake = classes()
            .that()
            .resideInAnyPackage(
                    "io.adjoint.core..",
                    "io.adjoint.autograd..",
                    "io.adjoint.nn..",
                    "io.adjoint.io..",
                    "io.adjoint.testkit..")
            .should(belongToAPackageWhoseResultsMustBeUsed())
            .because("a tensor or a setting is a new value, so a call whose result is dropped does nothing");

    /** All that users may call for what it does to its receiver, or for what its argument does. */
    @ArchTest
    static void onlyTheseResultsMayBeIgnored(JavaClasses ours) {
        assertThat(ours.stream()
                        .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC)
                                && !type.isAnnotatedWith(Internal.class))
                        .flatMap(type -> type.getMethods().stream())
                        .filter(method -> method.isAnnotatedWith(CanIgnoreReturnValue.class))
                        .filter(method -> !method.getModifiers().contains(JavaModifier.PRIVATE))
                        .filter(method -> !method.getModifiers().contains(JavaModifier.SYNTHETIC))
                        .map(method -> method.getOwner().getSimpleName() + "." + method.getName()))
                .containsExactlyInAnyOrder(
                        "Shape.axes",
                        "Tensor.retainGrad",
                        "Tensor.onGradient",
                        "Tensor.afterAccumulation",
                        "Autograd.enableGrad",
                        "Debug.traced",
                        "Debug.detectNaN",
                        "Debug.within",
                        "GraphView.name",
                        "GraphView.atMost",
                        "Block.parameter",
                        "Block.buffer",
                        "Block.child",
                        "Layer.onForward",
                        "ForwardObserver.observe",
                        "Trainer.batchSize",
                        "Trainer.schedule",
                        "Trainer.clipNorm",
                        "Trainer.accumulate",
                        "Trainer.validate",
                        "Trainer.track",
                        "Trainer.monitor",
                        "Trainer.patience",
                        "Trainer.restoreBest",
                        "Trainer.onEpoch",
                        "Trainer.onBatch",
                        "Trainer.onStep",
                        "Trainer.plateau",
                        "Trainer.progress",
                        "Trainer.fit",
                        "Optimizer.learningRate",
                        "Optimizer.weightDecay",
                        "Optimizer.maximize",
                        "Optimizer.step",
                        "Clip.norm",
                        "Clip.norm",
                        "Plateau.factor",
                        "Plateau.patience",
                        "Plateau.relativeThreshold",
                        "Plateau.absoluteThreshold",
                        "Plateau.maximize",
                        "Plateau.cooldown",
                        "Plateau.minRate",
                        "Plateau.minDecrease",
                        "Plateau.step",
                        "Checkpoints.part",
                        "Checkpoints.part",
                        "Checkpoints.keepLast",
                        "Checkpoints.keepBest",
                        "Checkpoints.resume",
                        "Checkpoints.load",
                        "SGD.momentum",
                        "SGD.dampening",
                        "SGD.nesterov",
                        "ChainedOptimizer.learningRate",
                        "ChainedOptimizer.weightDecay",
                        "ChainedOptimizer.maximize",
                        "MomentOptimizer.betas",
                        "MomentOptimizer.eps",
                        "AdamBase.amsgrad",
                        "Adagrad.lrDecay",
                        "Adagrad.initialAccumulator",
                        "Adagrad.eps",
                        "Adadelta.rho",
                        "Adadelta.eps",
                        "NAdam.momentumDecay",
                        "NAdam.decoupled",
                        "RAdam.decoupled",
                        "Rprop.etas",
                        "Rprop.stepSizes",
                        "Rprop.weightDecay",
                        "ASGD.decay",
                        "ASGD.power",
                        "ASGD.start",
                        "Adafactor.beta2Decay",
                        "Adafactor.eps",
                        "Adafactor.clipping",
                        "LBFGS.learningRate",
                        "LBFGS.maxIterations",
                        "LBFGS.maxEvaluations",
                        "LBFGS.tolerances",
                        "LBFGS.history",
                        "LBFGS.strongWolfe",
                        "LBFGS.weightDecay",
                        "LBFGS.step",
                        "RMSprop.alpha",
                        "RMSprop.eps",
                        "RMSprop.momentum",
                        "RMSprop.centered",
                        "RecurrentCell.requireSizes",
                        "StateDict.load",
                        "Reference.build");
    }

    private static ArchCondition<JavaClass> belongToAPackageWhoseResultsMustBeUsed() {
        return new ArchCondition<>("belong to a package with @CheckReturnValue") {
            @Override
            public void check(JavaClass item, ConditionEvents events) {
                boolean checked = item.getPackage().isAnnotatedWith(CheckReturnValue.class);
                events.add(
                        new SimpleConditionEvent(item, checked, item.getPackageName() + " has no @CheckReturnValue"));
            }
        };
    }

    private static ArchCondition<JavaClass> dependOutside(String... allowed) {
        DescribedPredicate<JavaClass> ours = JavaClass.Predicates.resideInAPackage("io.adjoint..");
        DescribedPredicate<JavaClass> others = DescribedPredicate.not(JavaClass.Predicates.resideInAnyPackage(allowed));
        return ArchConditions.dependOnClassesThat(
                ours.and(others).as("are Adjoint's but outside of %s", String.join(" and ", allowed)));
    }

    private static ArchCondition<JavaClass> declareItselfSerializable() {
        return new ArchCondition<>("declare themselves Serializable or Externalizable") {
            @Override
            public void check(JavaClass item, ConditionEvents events) {
                boolean declares = item.getRawInterfaces().stream()
                        .anyMatch(i -> i.isEquivalentTo(Serializable.class) || i.isEquivalentTo(Externalizable.class));
                events.add(new SimpleConditionEvent(item, declares, item.getDescription() + " declares itself so"));
            }
        };
    }

    private static DescribedPredicate<JavaClass> arePublicWithTheirOwners() {
        return DescribedPredicate.describe("are public with their owners", ArchitectureTest::isPublic);
    }

    private static boolean isPublic(JavaClass type) {
        return type.getModifiers().contains(JavaModifier.PUBLIC)
                && type.getEnclosingClass().map(ArchitectureTest::isPublic).orElse(true);
    }

    /** {@link Method#invoke} looks at the type that declares a method, not at the one it was asked of. */
    private static ArchCondition<JavaClass> inheritPublicMethodsFromPublicTypesOnly() {
        return new ArchCondition<>("inherit public methods from public types only") {
            @Override
            public void check(JavaClass item, ConditionEvents events) {
                for (Method method : item.reflect().getMethods()) {
                    boolean callable =
                            Modifier.isPublic(method.getDeclaringClass().getModifiers());
                    events.add(new SimpleConditionEvent(item, callable, item.getName() + " has " + method));
                }
            }
        };
    }
}
