package io.adjoint.nn.data;

import static io.adjoint.nn.Refusals.refused;
import static io.adjoint.nn.Refusals.thrown;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Streams whose sources or functions give null. */
@SuppressWarnings("NullAway") // code without null checks may give null
class NullSamplesTest {
    private static void read(DataStream<Integer> stream) {
        stream.iterator().forEachRemaining(k -> {});
    }

    @Test
    void aSourceGivesSamples() {
        refused(() -> read(DataStream.of(Arrays.asList(1, null))))
                .withMessage("DataStream: the source gave null in place of a sample");
        refused(() -> read(DataStream.of(() -> null)))
                .withMessage("DataStream: the source gave null in place of an iterator");
        refused(() -> read(DataStream.ofStream(() -> null)))
                .withMessage("DataStream: the source gave null in place of a stream");
    }

    @Test
    void aFunctionGivesSamples() {
        refused(() -> read(DataStream.of(List.of(1)).flatMap(k -> null)))
                .withMessage("DataStream: the function of flatMap gave null in place of samples");
        thrown(SampleException.class, () -> read(DataStream.of(List.of(1)).map(k -> null)))
                .withMessage("StreamLoader: sample 0 of the epoch: the data set or its Collate made null of it");
    }
}
