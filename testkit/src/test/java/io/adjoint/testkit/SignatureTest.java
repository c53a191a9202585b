package io.adjoint.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SignatureTest {
    private static int elements(String signature) {
        return Signature.parse(signature).enlarged(9000).orElseThrow().inputs().get(0).axes().stream()
                .mapToInt(Signature.Axis::fixed)
                .reduce(1, (a, b) -> a * b);
    }

    @Test
    void anEnlargedInputHasTheElementsOnceHoweverOftenItsAxisOccurs() {
        for (String signature : List.of("(n)->()", "(n,n)->(n)", "(n,3)->(n)", "(n,n,n)->()")) {
            assertThat(elements(signature)).as(signature).isBetween(9000, 11_000);
        }
        assertThat(Signature.parse("(2,3)->()").enlarged(9000)).isEmpty();
    }
}
