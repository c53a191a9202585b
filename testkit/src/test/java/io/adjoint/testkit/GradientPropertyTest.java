package io.adjoint.testkit;

import static io.adjoint.autograd.Autograd.op;
import static io.adjoint.autograd.Edge.edge;
import static org.assertj.core.api.Assertions.assertThat;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.List;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Tests the parameters, settings and failures of gradient properties. */
class GradientPropertyTest {
    /** A domain with a name. */
    @Domain(min = 0.5, max = 4)
    @Target(ElementType.PARAMETER)
    @Retention(RetentionPolicy.RUNTIME)
    @interface Positive {}

    /** Run by the tests below. */
    static class Various {
        static final List<String> SEEN = new java.util.ArrayList<>();

        @GradientProperty(order = 2)
        @Property(tries = 30)
        Tensor otherParameters(@ForAll @IntRange(min = 2, max = 3) int n, @Positive Tensor x, @ForAll boolean twice) {
            return twice ? x.pow(n).mul(2) : x.pow(n);
        }

        @GradientProperty
        @Property(tries = 30)
        Tensor masks(@Domain(min = 0, max = 1, dtype = DType.BOOL) Tensor mask, @Domain Tensor a, @Domain Tensor b) {
            return Tensor.where(mask, a, b);
        }

        @GradientProperty
        @Property(tries = 30)
        Tensor assumes(@Domain Tensor x) {
            Assume.that(x.shape().rank() > 0);
            return x.sum(0);
        }

        @GradientProperty(except = OperationCheck.HIGHER_GRADIENTS, order = 2)
        @Property(tries = 30)
        Tensor excepted(@Domain Tensor x) {
            return io.adjoint.autograd.Autograd.op(
                    "once",
                    x.data().mul(x.data()),
                    io.adjoint.autograd.Edge.edge(
                            x, g -> g.mul(x.detach()).mul(2).detach()));
        }

        @GradientProperty(minDim = 2, maxDim = 2, maxRank = 1, layouts = Layout.STEPPED)
        @Property(tries = 30, seed = "7")
        Tensor settings(@Domain Tensor x, @Domain Tensor y) {
            SEEN.add(x.shape() + " " + y.shape());
            return x.mul(y);
        }

        @GradientProperty
        Tensor throwsAtThreeElements(@Domain Tensor x) {
            if (x.shape().size() >= 3) {
                throw new IllegalStateException("three");
            }
            return x.mul(1);
        }

        @GradientProperty(surrogate = "identity")
        @Property(tries = 30)
        Tensor straightThrough(@Domain Tensor x) {
            return op("straightThrough", x.data().map(Math::rint), edge(x, g -> g.mul(1)));
        }

        @GradientProperty(surrogate = "identity")
        @Property(tries = 30)
        Tensor straightThroughTwice(@Domain Tensor x) {
            return op("straightThrough", x.data().map(Math::rint), edge(x, g -> g.mul(2)));
        }

        Tensor identity(Tensor x) {
            return x.mul(1);
        }

        @GradientProperty(surrogate = "nowhere")
        Tensor hasNoSurrogate(@Domain Tensor x) {
            return x.mul(1);
        }

        @GradientProperty
        @Property(tries = 30)
        Tensor refusesNothing(@Domain Tensor x) {
            if (x.shape().size() == 0) {
                throw new IllegalStateException("nothing");
            }
            return x.mul(1);
        }

        @GradientProperty(except = OperationCheck.EMPTY)
        @Property(tries = 30)
        Tensor mayRefuseNothing(@Domain Tensor x) {
            return refusesNothing(x);
        }

        @GradientProperty
        @Property(tries = 30)
        Tensor wrongForThousands(@Domain Tensor x) {
            return op("twice", x.data().mul(2), edge(x, g -> g.mul(x.shape().size() > 8192 ? 1 : 2)));
        }

        @GradientProperty
        void returnsNothing(@Domain Tensor x) {}

        @GradientProperty
        Tensor hasNoTensor(@ForAll int x) {
            return Tensor.scalar(x);
        }

        @GradientProperty
        Tensor unmarked(@Domain Tensor x, Tensor y) {
            return x.mul(y);
        }

        @GradientProperty(shapes = "(n),(n)")
        Tensor wrongSignature(@Domain Tensor x) {
            return x;
        }
    }

    private static String message(String method) {
        return PropertyRunner.failure(Various.class, method)
                .map(Throwable::toString)
                .orElse("");
    }

    @Test
    void parametersOfOtherTypes() {
        assertThat(message("otherParameters")).isEmpty();
        assertThat(message("masks")).isEmpty();
        assertThat(message("assumes")).isEmpty();
        assertThat(message("excepted")).isEmpty();
    }

    @Test
    void aGradientThatIsMeantToDifferIsComparedWithItsSurrogates() {
        assertThat(message("straightThrough")).isEmpty();
        assertThat(message("straightThroughTwice"))
                .contains(
                        "straightThroughTwice: gradient: gradient of order 1 for input 0 [] at [] = 1.0 is 2.0 by the backward"
                                + " rules, but ");
        assertThat(message("hasNoSurrogate"))
                .contains(
                        "Various.hasNoSurrogate: surrogate = \"nowhere\" is no method of its class with the same parameters");
    }

    @Test
    void emptyAndLargeInputsComeAfterTheTries() {
        assertThat(message("refusesNothing"))
                .contains("refusesNothing: empty: empty inputs are refused: java.lang.IllegalStateException: nothing")
                .contains("OperationCheck.EMPTY");
        assertThat(message("mayRefuseNothing")).isEmpty();
        assertThat(message("wrongForThousands")).contains("wrongForThousands: large: gradient of order 1");
    }

    @Test
    void settings() {
        Various.SEEN.clear();
        assertThat(message("settings")).isEmpty();
        assertThat(Various.SEEN)
                .contains("[2] [2]", "[] []")
                .allMatch(shapes -> shapes.matches("\\[2?] \\[[21]?]|\\[1] \\[2]"));
    }

    @Test
    void exceptionsShrinkAsWell() {
        assertThat(message("throwsAtThreeElements")).contains("IllegalStateException: three");
    }

    @Test
    void mistakesAreExplained() {
        assertThat(message("returnsNothing"))
                .contains("Various.returnsNothing: a @GradientProperty returns the Tensor");
        assertThat(message("hasNoTensor")).contains("at least one parameter @Domain Tensor");
        assertThat(message("unmarked"))
                .contains("Various.unmarked: the parameter Tensor ")
                .contains("only if it is marked: @Domain Tensor");
        assertThat(message("wrongSignature")).contains("are of 2 tensors, but the method has 1");
    }
}
