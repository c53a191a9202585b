package demo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.adjoint.autograd.Tensor;
import org.junit.jupiter.api.Test;

/** A test of JUnit Jupiter beside the properties of jqwik. */
class MyOpsTest {
    @Test
    void softplusOfZero() {
        assertEquals(Math.log(2), MyOps.softplus(Tensor.scalar(0)).item(), 1e-15);
    }
}
