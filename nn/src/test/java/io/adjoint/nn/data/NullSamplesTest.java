package io.adjoint.nn.data;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

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
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read(DataStream.of(Arrays.asList(1, null))))
                .withMessage("DataStream: the source gave null in place of a sample");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read(DataStream.of(() -> null)))
                .withMessage("DataStream: the source gave null in place of an iterator");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read(DataStream.ofStream(() -> null)))
                .withMessage("DataStream: the source gave null in place of a stream");
    }

    @Test
    void aFunctionGivesSamples() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read(DataStream.of(List.of(1)).flatMap(k -> null)))
                .withMessage("DataStream: the function of flatMap gave null in place of samples");
        assertThatExceptionOfType(SampleException.class)
                .isThrownBy(() -> read(DataStream.of(List.of(1)).map(k -> null)))
                .withMessage("StreamLoader: sample 0 of the epoch: the data set or its Collate made null of it");
    }
}
