package io.adjoint.proof;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Tests that every operation of the catalogue has all properties of {@link io.adjoint.testkit.OperationCheck}. */
class CatalogueTest {
    @TestFactory
    Stream<DynamicNode> operationsPassEveryCheck() {
        return Catalogue.FAMILIES.stream()
                .map(family -> DynamicContainer.dynamicContainer(
                        family.title(),
                        family.entries().stream()
                                .map(entry -> DynamicTest.dynamicTest(
                                        entry.name(), () -> entry.operation().check()))));
    }
}
