package io.adjoint.proof;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.google.errorprone.annotations.CheckReturnValue;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
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
import io.adjoint.core.NdArray;
import java.io.Externalizable;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;

/** Tests that the main classes of all modules have only the allowed dependencies. */
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
    static final ArchRule fitKnowsNoNetworks = noClasses()
            .that()
            .resideInAPackage("io.adjoint.fit..")
            .should(dependOutside("io.adjoint.core..", "io.adjoint.autograd..", "io.adjoint.fit.."));

    @ArchTest
    static final ArchRule distributionsKnowNoNetworks = noClasses()
            .that()
            .resideInAPackage("io.adjoint.distributions..")
            .should(dependOutside("io.adjoint.core..", "io.adjoint.autograd..", "io.adjoint.distributions.."));

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

    /** Module view writes pages and logs with the JDK's classes only, and serves pages by the JDK's own HTTP server. */
    @ArchTest
    static final ArchRule viewNeedsTheJdkAlone = classes()
            .that()
            .resideInAPackage("io.adjoint.view..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "java..",
                    "com.sun.net.httpserver..",
                    "io.adjoint.core..",
                    "io.adjoint.autograd..",
                    "io.adjoint.nn..",
                    "io.adjoint.view..",
                    "org.jspecify.annotations..",
                    "com.google.errorprone.annotations..");

    /** A Java array that was read without the check of {@code NdArray.elements()} may hold the results of a later step. */
    @ArchTest
    static final ArchRule kernelsReadArraysByElements = noClasses()
            .that()
            .resideInAPackage("io.adjoint.core..")
            .and()
            .haveNameNotMatching(".*\\.(NdArray|Lease|GradientPool|Expression|Fusion)")
            .should()
            .callMethod(NdArray.class, "storage");

    /** File formats store maps of arrays, and don't depend on models. */
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

    /** Module io reads files with the JDK's classes and Gson. */
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
            // GradBench's messages are JSON.
            .resideOutsideOfPackages("io.adjoint.io..", "io.adjoint.benchmarks.gradbench..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.google.gson..");

    @ArchTest
    static final ArchRule onlyCoreKnowsEjml = noClasses()
            .that()
            .resideOutsideOfPackage("io.adjoint.core..")
            // EjmlBenchmark compares EJML with Adjoint.
            .and()
            .doNotHaveSimpleName("EjmlBenchmark")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.ejml..");

    @ArchTest
    static final ArchRule kernelsAndLoopsAreInCoreOrBesideTheirOneUser = classes()
            .that()
            .haveSimpleNameEndingWith("Kernels")
            .or()
            .haveSimpleNameEndingWith("Loops")
            .should()
            .resideInAPackage("io.adjoint.core..")
            .orShould()
            .bePackagePrivate();

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
                    "io.adjoint.fit..",
                    "io.adjoint.distributions..",
                    "io.adjoint.nn..",
                    "io.adjoint.io..",
                    "io.adjoint.view..",
                    "io.adjoint.testkit..");

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

    /** Dependencies on {@link Internal} are ignored, since this annotation depends on nothing. */
    @ArchTest
    static final ArchRule packagesHaveNoCycles = slices().matching("io.adjoint.(**)")
            .should()
            .beFreeOfCycles()
            .ignoreDependency(DescribedPredicate.alwaysTrue(), JavaClass.Predicates.equivalentTo(Internal.class));

    /**
     * The classes that may use Java's serialization: blocks are copied by it, in memory only. {@code CopyTest} tests that a block can't be
     * written or read elsewhere.
     */
    private static final String COPIES = "io\\.adjoint\\.nn\\.(Block|BlockCopy.*|Layer|layer\\.FeedForward)";

    @ArchTest
    static final ArchRule nothingReadsOrWritesObjects = noClasses()
            .that()
            .haveNameNotMatching(COPIES)
            .should()
            .dependOnClassesThat()
            .belongToAnyOf(ObjectInputStream.class, ObjectOutputStream.class)
            .because("Java serialization runs whatever a file tells it to");

    @ArchTest
    static final ArchRule nothingIsSerializableOnPurpose =
            noClasses().that().haveNameNotMatching(COPIES).should(declareItselfSerializable());

    @ArchTest
    static final ArchRule reflectionMayCallWhatIsPublic =
            classes().that(arePublicWithTheirOwners()).should(inheritPublicMethodsFromPublicTypesOnly());

    @ArchTest
    static final ArchRule aResultThatIsIgnoredIsAMistake = classes()
            .that()
            .resideInAnyPackage(
                    "io.adjoint.core..",
                    "io.adjoint.autograd..",
                    "io.adjoint.fit..",
                    "io.adjoint.distributions..",
                    "io.adjoint.nn..",
                    "io.adjoint.io..",
                    "io.adjoint.view..",
                    "io.adjoint.testkit..")
            .should(belongToAPackageWhoseResultsMustBeUsed())
            .because(
                    "a tensor or a setting is a new value, so a call whose result is dropped does nothing; SettingsTest has the exceptions");

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

    /**
     * A method inherited from a class that isn't public can't be called by {@link Method#invoke}, even if the inheriting class is public.
     */
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
