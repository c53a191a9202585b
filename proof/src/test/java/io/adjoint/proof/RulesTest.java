package io.adjoint.proof;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.adjoint.autograd.Autograd;
import io.adjoint.core.Internal;
import io.adjoint.core.parallel.Clock;
import java.util.Set;

/**
 * Tests that the library adds operations in the way in which users add them. Backward rules are in classes named {@code …Rules}. They don't
 * use the engine that computes gradients, and the engine doesn't use them.
 */
@AnalyzeClasses(packages = "io.adjoint", importOptions = DoNotIncludeTests.class)
class RulesTest {
    /** Classes that several classes of rules use; the tests treat them like classes of rules. */
    private static final Set<String> HELPERS =
            Set.of("Decomposition", "GridOrder", "IndexedValues", "Interpolation", "Unique");
    /**
     * Internal classes that rules may use, since users have public ways to the same effects: {@code Transforms.checkpoint} for {@code
     * Checkpoint}, checks for null of their own for {@code Callbacks}, and {@code Autograd.op} for {@code LibraryOps}. {@code Attributes}
     * are arguments for those who read a tape.
     */
    private static final Set<String> DOORS = Set.of("Attributes", "Checkpoint", "Callbacks", "LibraryOps");
    /** Classes of arguments whose members rules may use even if they aren't public. */
    private static final Set<String> ARGUMENTS = Set.of("Index");

    private static final Set<String> ENGINE = Set.of(
            "BackwardPass",
            "Passes",
            "GivenGradients",
            "Node",
            "EdgeRule",
            "Recorder",
            "Accumulations",
            "GradientSlot",
            "ThreadState",
            "Tape");

    /** The classes that record operations of users, too. */
    private static final Set<String> RECORDERS = Set.of("Autograd", "Edge", "LibraryOps");

    /**
     * Of package autograd, rules may use only members that users can call, too, and other rules. The kernels of core, which are {@link
     * Internal}, are allowed.
     */
    @ArchTest
    static final ArchRule rulesUseWhatUsersHave = classes()
            .that(DescribedPredicate.describe("have rules", RulesTest::hasRules))
            .should(useWhatUsersHave());

    @ArchTest
    static final ArchRule theEngineKnowsNoOperation = noClasses()
            .that(DescribedPredicate.describe(
                    "are the engine", type -> ENGINE.contains(topLevel(type).getSimpleName())))
            .should()
            .dependOnClassesThat(DescribedPredicate.describe("have rules", RulesTest::hasRules));

    /**
     * An operation that the library recorded as a user's would get a new array for each of its gradients. That only costs time, so no other
     * test would notice. Classes of package transforms are left out, since their backward rules call functions of users, which may keep
     * gradients.
     */
    @ArchTest
    static final ArchRule theLibraryRecordsItsOperationsAsItsOwn = noClasses()
            .that(DescribedPredicate.describe("are the library's", RulesTest::isOfTheLibrary))
            .should()
            .callMethodWhere(DescribedPredicate.describe(
                    "records an operation of a user",
                    call -> call.getTargetOwner().isEquivalentTo(Autograd.class)
                            && call.getName().matches("ops?|fusedOp")));

    /** If a class in a list of this test were renamed, a rule would silently no longer apply to it. */
    @ArchTest
    static void theClassesNamedHereExist(JavaClasses ours) {
        assertThat(ours.stream().filter(RulesTest::isAutograds).map(JavaClass::getSimpleName))
                .containsAll(HELPERS)
                .containsAll(DOORS)
                .containsAll(ARGUMENTS)
                .containsAll(ENGINE);
    }

    private static boolean isOfTheLibrary(JavaClass type) {
        return type.getPackageName().matches("io\\.adjoint\\.(autograd|nn(\\.\\w+)?)")
                && !RECORDERS.contains(topLevel(type).getSimpleName());
    }

    private static JavaClass topLevel(JavaClass type) {
        return type.getEnclosingClass().map(RulesTest::topLevel).orElse(type);
    }

    private static boolean isAutograds(JavaClass type) {
        return type.getPackageName().equals("io.adjoint.autograd");
    }

    private static boolean hasRules(JavaClass type) {
        String name = topLevel(type).getSimpleName();
        return isAutograds(type) && (name.endsWith("Rules") || HELPERS.contains(name));
    }

    private static ArchCondition<JavaClass> useWhatUsersHave() {
        return new ArchCondition<>("use what users have") {
            @Override
            public void check(JavaClass item, ConditionEvents events) {
                for (Dependency dependency : item.getDirectDependenciesFromSelf()) {
                    JavaClass target = topLevel(dependency.getTargetClass().getBaseComponentType());
                    boolean open = hasRules(target)
                            || (isAutograds(target) ? isOffered(target) || isDoor(target) : !isTheEngines(target));
                    events.add(new SimpleConditionEvent(item, open, dependency.getDescription()));
                }
                for (JavaAccess<?> access : item.getAccessesFromSelf()) {
                    JavaClass owner = topLevel(access.getTargetOwner());
                    boolean open = !isAutograds(owner)
                            || hasRules(owner)
                            || isDoor(owner)
                            || ARGUMENTS.contains(owner.getSimpleName())
                            || access.getTarget()
                                    .resolveMember()
                                    .map(RulesTest::isPublic)
                                    .orElse(true);
                    events.add(new SimpleConditionEvent(item, open, access.getDescription()));
                }
            }
        };
    }

    private static boolean isOffered(JavaClass type) {
        return type.getModifiers().contains(JavaModifier.PUBLIC) && !type.isAnnotatedWith(Internal.class);
    }

    private static boolean isDoor(JavaClass type) {
        return DOORS.contains(type.getSimpleName());
    }

    private static boolean isTheEngines(JavaClass type) {
        return type.isEquivalentTo(Clock.class);
    }

    private static boolean isPublic(JavaMember member) {
        return member.getModifiers().contains(JavaModifier.PUBLIC);
    }
}
