package io.adjoint.autograd.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adjoint.autograd.Autograd;
import io.adjoint.autograd.Edge;
import io.adjoint.autograd.GraphException;
import io.adjoint.autograd.GraphMode;
import io.adjoint.autograd.Tensor;
import io.adjoint.core.DType;
import io.adjoint.core.NdArray;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class ExplainTest {
    private static Tensor parameter(double... values) {
        return (values.length == 1 ? Tensor.scalar(values[0]) : Tensor.of(values)).requiresGrad(true);
    }

    private static Tensor matrix(double[]... rows) {
        return Tensor.of(rows);
    }

    private static double[] row(double... values) {
        return values;
    }

    @Test
    void explainsAScalarExpression() {
        Tensor w = parameter(0.5);
        Tensor b = parameter(0.1);
        Tensor x = Tensor.scalar(0.8);
        Tensor t = Tensor.scalar(1);
        GraphView view = GraphView.of(() -> w.mul(x).add(b).sigmoid().sub(t).square())
                .name("w", w)
                .name("b", b)
                .name("x", x)
                .name("t", t);
        assertThat(view.explain()).isEqualTo("""
                Given
                  w = 0.5
                  b = 0.1
                  x = 0.8  (constant)
                  t = 1  (constant)

                Forward
                  v1 = w · x       = 0.5 · 0.8    = 0.4
                  v2 = v1 + b      = 0.4 + 0.1    = 0.5
                  v3 = sigmoid(v2) = sigmoid(0.5) = 0.622459
                  v4 = v3 - t      = 0.622459 - 1 = -0.377541
                  L  = v4²         = (-0.377541)² = 0.142537

                Backward, from L
                     ∂L/∂L  = 1
                  1. L = v4²
                     ∂L/∂v4 = ∂L/∂L · 2·v4           = 1 · 2·(-0.377541)                       = -0.755081
                  2. v4 = v3 - t
                     ∂L/∂v3 = ∂L/∂v4 · 1             = (-0.755081) · 1                         = -0.755081
                  3. v3 = sigmoid(v2)
                     ∂L/∂v2 = ∂L/∂v3 · v3 · (1 - v3) = (-0.755081) · 0.622459 · (1 - 0.622459) = -0.177447
                  4. v2 = v1 + b
                     ∂L/∂v1 = ∂L/∂v2 · 1             = (-0.177447) · 1                         = -0.177447
                     ∂L/∂b  = ∂L/∂v2 · 1             = (-0.177447) · 1                         = -0.177447
                  5. v1 = w · x
                     ∂L/∂w  = ∂L/∂v1 · x             = (-0.177447) · 0.8                       = -0.141958

                Gradients
                  ∂L/∂w = -0.141958
                  ∂L/∂b = -0.177447
                """);
    }

    @Test
    void explainsANetworkOfTwoTwoAndOneUnits() {
        Tensor w1 = matrix(row(0.1, 0.3), row(-0.2, 0.4)).requiresGrad(true);
        Tensor b1 = Tensor.of(0.1, -0.1).requiresGrad(true);
        Tensor w2 = matrix(row(0.5, -0.6)).requiresGrad(true);
        Tensor b2 = Tensor.of(0.2).requiresGrad(true);
        Tensor x = matrix(row(1, -2));
        Tensor t = matrix(row(1));
        GraphView view = GraphView.of(() -> {
                    Tensor hidden = x.matmul(w1.transpose()).add(b1).sigmoid();
                    return hidden.matmul(w2.transpose()).add(b2).sub(t).square().mean();
                })
                .name("W1", w1)
                .name("b1", b1)
                .name("W2", w2)
                .name("b2", b2)
                .name("x", x)
                .name("t", t);
        assertThat(view.explain()).isEqualTo("""
                Given
                  W1 = [[0.1, 0.3], [-0.2, 0.4]]
                  b1 = [0.1, -0.1]
                  W2 = [[0.5, -0.6]]
                  b2 = [0.2]
                  x  = [[1, -2]]  (constant)
                  t  = [[1]]  (constant)

                Forward
                  v1 = W1ᵀ                                                 = [[0.1, -0.2], [0.3, 0.4]]
                  v2 = x · v1      = [[1, -2]] · [[0.1, -0.2], [0.3, 0.4]] = [[-0.5, -1]]
                  v3 = v2 + b1     = [[-0.5, -1]] + [0.1, -0.1]            = [[-0.4, -1.1]]
                  v4 = sigmoid(v3) = sigmoid([[-0.4, -1.1]])               = [[0.4013, 0.2497]]
                  v5 = W2ᵀ                                                 = [[0.5], [-0.6]]
                  v6 = v4 · v5     = [[0.4013, 0.2497]] · [[0.5], [-0.6]]  = [[0.05081]]
                  v7 = v6 + b2     = [[0.05081]] + [0.2]                   = [[0.2508]]
                  v8 = v7 - t      = [[0.2508]] - [[1]]                    = [[-0.7492]]
                  v9 = v8²         = [[-0.7492]]²                          = [[0.5613]]
                  L  = mean(v9)    = mean([[0.5613]])                      = 0.561282

                Backward, from L
                     ∂L/∂L  = 1
                  1. L = mean(v9)
                     ∂L/∂v9 = ∂L/∂L · 1/1, to each = 1 · 1/1, to each         = [[1]]
                  2. v9 = v8²
                     ∂L/∂v8 = ∂L/∂v9 · 2·v8        = [[1]] · 2·[[-0.7492]]    = [[-1.498]]
                  3. v8 = v7 - t
                     ∂L/∂v7 = ∂L/∂v8 · 1           = [[-1.498]] · 1           = [[-1.498]]
                  4. v7 = v6 + b2
                     ∂L/∂v6 = ∂L/∂v7 · 1           = [[-1.498]] · 1           = [[-1.498]]
                     ∂L/∂b2 = Σ(∂L/∂v7 · 1)        = Σ([[-1.498]] · 1)        = [-1.498]
                  5. v6 = v4 · v5
                     ∂L/∂v4 = ∂L/∂v6 · v5ᵀ
                            = [[-1.498]] · [[0.5], [-0.6]]ᵀ = [[-0.7492, 0.899]]
                     ∂L/∂v5 = v4ᵀ · ∂L/∂v6
                            = [[0.4013, 0.2497]]ᵀ · [[-1.498]] = [[-0.6013], [-0.3742]]
                  6. v5 = W2ᵀ
                     ∂L/∂W2 = (∂L/∂v5)ᵀ                                       = [[-0.6013, -0.3742]]
                  7. v4 = sigmoid(v3)
                     ∂L/∂v3 = ∂L/∂v4 ⊙ v4 ⊙ (1 - v4)
                            = [[-0.7492, 0.899]] ⊙ [[0.4013, 0.2497]] ⊙ (1 - [[0.4013, 0.2497]]) = [[-0.18, 0.1685]]
                  8. v3 = v2 + b1
                     ∂L/∂v2 = ∂L/∂v3 · 1           = [[-0.18, 0.1685]] · 1    = [[-0.18, 0.1685]]
                     ∂L/∂b1 = Σ(∂L/∂v3 · 1)        = Σ([[-0.18, 0.1685]] · 1) = [-0.18, 0.1685]
                  9. v2 = x · v1
                     ∂L/∂v1 = xᵀ · ∂L/∂v2
                            = [[1, -2]]ᵀ · [[-0.18, 0.1685]] = [[-0.18, 0.1685], [0.36, -0.3369]]
                 10. v1 = W1ᵀ
                     ∂L/∂W1 = (∂L/∂v1)ᵀ                                       = [[-0.18, 0.36], [0.1685, -0.3369]]

                Gradients
                  ∂L/∂W1 = [[-0.18, 0.36], [0.1685, -0.3369]]
                  ∂L/∂b1 = [-0.18, 0.1685]
                  ∂L/∂W2 = [[-0.6013, -0.3742]]
                  ∂L/∂b2 = [-1.498]
                """);
    }

    @Test
    void addsWhatComesBackOverSeveralWays() {
        Tensor x = parameter(3);
        assertThat(GraphView.of(() -> x.mul(x).add(x)).name("x", x).explain()).contains("""
                  1. L = v1 + x
                     ∂L/∂v1       = ∂L/∂L · 1         = 1 · 1     = 1
                     ∂L/∂x via L  = ∂L/∂L · 1         = 1 · 1     = 1
                  2. v1 = x · x
                     ∂L/∂x via v1 = ∂L/∂v1 · x        = 1 · 3     = 3
                     ∂L/∂x via v1 = ∂L/∂v1 · x        = 1 · 3     = 3
                     ∂L/∂x        = sum of its 3 uses = 1 + 3 + 3 = 7
                """);
    }

    @Test
    void findsOutTheNumbersThatOperationsWereGiven() {
        Tensor x = parameter(2);
        String explained = GraphView.of(
                        () -> x.mul(3).sub(1).pow(2).div(4).add(0.5).pow(-0.5))
                .name("x", x)
                .explain();
        assertThat(explained)
                .contains("v1 = x · 3     = 2 · 3       = 6\n")
                .contains("v2 = v1 - 1    = 6 - 1       = 5\n")
                .contains("v3 = v2^2      = 5^2         = 25\n")
                .contains("v4 = v3 / 4    = 25 / 4      = 6.25\n")
                .contains("v5 = v4 + 0.5  = 6.25 + 0.5  = 6.75\n")
                .contains("L  = v5^(-0.5) = 6.75^(-0.5) = 0.3849\n");
    }

    @Test
    void computesWithConstantsInSight() {
        Tensor x = parameter(2);
        Tensor c = Tensor.scalar(4);
        assertThat(GraphView.of(() -> c.sqrt().mul(0.5).mul(x))
                        .name("c", c)
                        .name("x", x)
                        .explain())
                .contains("  v1 = √c       = √4      = 2\n")
                .contains("  v2 = v1 · 0.5 = 2 · 0.5 = 1\n")
                .doesNotContain("∂L/∂v")
                .doesNotContain("∂L/∂c");
    }

    @Test
    void givesTheNumbersOfAnOperationThatItDoesNotKnow() {
        Tensor x = parameter(0);
        Supplier<Tensor> softplus = () -> Autograd.op(
                "softplus", x.data().map(v -> Math.log1p(Math.exp(v))), Edge.edge(x, g -> g.mul(x.sigmoid())));
        assertThat(GraphView.of(() -> softplus.get().mul(4)).name("x", x).explain())
                .contains("v1 = softplus(x)")
                .contains("∂L/∂x  = ∂L/∂v1 · ∂v1/∂x = 4 · 0.5 = 2\n");
    }

    @Test
    void writesAnOperationOfSomebodyElseAsALineOfTheirJarSays() {
        Tensor x = Tensor.of(new double[][] {{1, 2}});
        Tensor w = Tensor.of(new double[][] {{3, 4}}).requiresGrad(true);
        Tensor b = Tensor.of(5).requiresGrad(true);
        Supplier<Tensor> affine = () -> Autograd.op(
                "affine",
                x.matmul(w.transpose()).add(b).data(),
                Edge.edge(x, g -> g.matmul(w)),
                Edge.edge(w, g -> g.transpose().matmul(x)),
                Edge.edge(b, g -> g));
        assertThat(GraphView.of(() -> affine.get().sum())
                        .name("x", x)
                        .name("w", w)
                        .name("b", b)
                        .explain())
                .contains("v1 = x · wᵀ + b = [[1, 2]] · [[3, 4]]ᵀ + [5] = [[16]]\n")
                .contains("∂L/∂w  = (∂L/∂v1)ᵀ · x      = ([[1]])ᵀ · [[1, 2]] = [[1, 2]]\n");
    }

    @Test
    void showsManyNumbersByWhatTheyAreLike() {
        Tensor x = Tensor.full(2, 3, 4).requiresGrad(true);
        String explained = GraphView.of(() -> x.square().sum()).name("x", x).explain();
        assertThat(explained)
                .contains("  x = [3, 4] with norm 6.928, mean 2\n")
                .contains("  v1 = x²      = [3, 4] with norm 13.86, mean 4\n")
                .contains("∂L/∂x  = ∂L/∂v1 ⊙ 2·x                        = [3, 4] with norm 13.86, mean 4\n");
    }

    @Test
    void sumsWhatBroadcastingRepeated() {
        Tensor x = Tensor.of(1, 2, 3);
        Tensor b = parameter(0.5);
        assertThat(GraphView.of(() -> x.add(b).sum()).name("b", b).explain())
                .contains("∂L/∂b  = Σ(∂L/∂v1 · 1)      = Σ([1, 1, 1] · 1) = 3\n");
    }

    @Test
    void tellsWhatHooksMade() {
        Tensor x = parameter(3);
        assertThat(GraphView.of(() -> {
                            Tensor y = x.mul(2);
                            y.onGradient(g -> g.mul(10));
                            return y.square();
                        })
                        .name("x", x)
                        .explain())
                .contains("∂L/∂v1 = ∂L/∂L · 2·v1                = 1 · 2·6 = 12\n")
                .contains("∂L/∂v1 = what its hooks made of that           = 120\n")
                .contains("∂L/∂x  = ∂L/∂v1 · 2                  = 120 · 2 = 240\n");
    }

    @Test
    void changesNothingAndStaysAsItWas() {
        Tensor x = parameter(3);
        Tensor[] loss = new Tensor[1];
        GraphView view = GraphView.of(() -> loss[0] = x.square());
        String before = view.explain();
        assertThat(x.grad()).isNull();
        loss[0].backward();
        assertThat(x.grad()).extracting(Tensor::item).isEqualTo(6.0);
        x.assign(NdArray.scalar(DType.FLOAT64, 100));
        assertThat(view.explain()).isEqualTo(before);
    }

    @Test
    void explainsAGradientOfAGradient() {
        Tensor x = parameter(2);
        assertThat(GraphView.of(() -> Autograd.grad(x.pow(3), GraphMode.CREATE, x))
                        .name("x", x)
                        .explain())
                .endsWith("Gradients\n  ∂L/∂x = 12\n");
    }

    @Test
    void saysWhatWasComputedBefore() {
        Tensor x = parameter(2);
        Tensor before = x.exp().log();
        assertThat(GraphView.of(before::square).explain())
                .contains("v1 = exp(p1)      = not known, [] computed before\n")
                .endsWith("∂L/∂p1 = 4\n");
    }

    @Test
    void aLossThatWasRecordedBeforeIsRefused() {
        Tensor before = parameter(2).exp();
        String refusal = "explain: the recorded graph holds no values; compute the loss within the function, as in"
                + " GraphView.of(() -> loss(x)).explain()";
        assertThatThrownBy(() -> GraphView.of(() -> before).explain()).hasMessage(refusal);
        assertThatThrownBy(() -> GraphView.of(before).explain()).hasMessage(refusal);
    }

    @Test
    void aRecordedStepThatMayLackAConstantIsShownByItsName() {
        Tensor a = parameter(2);
        Tensor loss = Tensor.scalar(1).sub(a).mul(a).exp();
        assertThat(ChainRule.of(GraphView.of(loss)).vertices().stream().map(ChainRule.Vertex::formula))
                .containsExactly("p1", "sub(p1)", "v1 · p1", "exp(v2)");
    }

    @Test
    void shortensWhatIsLong() {
        Tensor x = parameter(1);
        String explained = GraphView.of(() -> chain(x, 1000)).name("x", x).explain();
        assertThat(explained)
                .contains(
                        "Given\n  x = 1\n\nForward\n  ... 881 older tensors are not shown; atMost(...) shows more\n  v881 = v880 · 1 = 1 · 1 = 1\n")
                .contains("     ... and so on\n\nGradients\n  ∂L/∂x = 1\n");
        assertThat(GraphView.of(() -> chain(x, 1000))
                        .atMost(2000)
                        .explain()
                        .lines()
                        .count())
                .isGreaterThan(3000);
    }

    private static Tensor chain(Tensor x, int length) {
        Tensor y = x;
        for (int k = 0; k < length; k++) {
            y = y.mul(1);
        }
        return y;
    }

    @Test
    void namesWhatHasNoName() {
        Tensor x = parameter(2);
        Tensor y = parameter(3);
        assertThat(GraphView.of(() -> x.mul(y).mul(Tensor.scalar(5)).exp())
                        .name("v1", y)
                        .name("L", x)
                        .explain())
                .contains("v2   = L · v1 ")
                .contains("v3   = v2 · c1 ")
                .contains("loss = exp(v3) ")
                .contains("∂loss/∂v1");
    }

    @Test
    void refusesWhatHasNoChainRule() {
        Tensor x = parameter(1, 2);
        assertThatThrownBy(() -> GraphView.of(x.sum()).explain())
                .isInstanceOf(GraphException.class)
                .hasMessageContaining("GraphView.of(() -> loss(x)).explain()");
        assertThatThrownBy(() -> GraphView.of(x::exp).explain())
                .isInstanceOf(GraphException.class)
                .hasMessage("explain: only a scalar that requires grad has a chain rule, but the result of 'exp'"
                        + " has shape [2]; reduce it, e.g. with sum()");
        assertThatThrownBy(() -> GraphView.of(() -> Tensor.scalar(1).exp()).explain())
                .isInstanceOf(GraphException.class)
                .hasMessageEndingWith("has shape [] and depends on no tensor that requires grad");
    }
}
