package io.adjoint.view;

import io.adjoint.nn.train.Moment;
import io.adjoint.nn.train.TrainingRun;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Builds the messages of TensorBoard events. The field numbers are from the linked definitions.
 *
 * @see <a href="https://github.com/tensorflow/tensorboard/tree/master/tensorboard/compat/proto">event, summary, tensor</a>
 * @see <a href="https://github.com/tensorflow/tensorboard/blob/master/tensorboard/plugins/hparams/api.proto">hyperparameters</a>
 */
final class Summaries {
    private static final int SESSION_START = 1;

    private static final int FLOAT = 1;
    private static final int DOUBLE = 2;
    private static final int STRING = 7;

    private static final int ANY_TENSOR = 2;
    private static final int BLOBS = 3;

    private static final Pattern NUMBER = Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?");

    private Summaries() {}

    /** The first event of a file, with the version of the format. */
    static ProtoMessage version(Instant time) {
        return new ProtoMessage().real(1, seconds(time)).text(3, "brain.Event:2");
    }

    /** An event with summary values. */
    static ProtoMessage event(Moment at, List<ProtoMessage> values) {
        ProtoMessage summary = new ProtoMessage();
        values.forEach(value -> summary.message(1, value));
        return event(at.time(), at.step()).message(5, summary);
    }

    /** The event that makes TensorBoard drop all steps after the present one, when a training is resumed. */
    static ProtoMessage restart(Moment at) {
        // TensorBoard also drops the event's own step, hence + 1.
        return event(at.time(), at.step() + 1).message(7, new ProtoMessage().integer(1, SESSION_START));
    }

    private static ProtoMessage event(Instant time, long step) {
        return new ProtoMessage().real(1, seconds(time)).integer(2, step);
    }

    private static double seconds(Instant time) {
        return time.getEpochSecond() + time.getNano() / 1e9;
    }

    static ProtoMessage scalar(String tag, double value) {
        return new ProtoMessage().text(1, tag).real(2, (float) value);
    }

    static ProtoMessage text(String tag, String text) {
        return value(tag, plugin("text"), ANY_TENSOR, strings(text.getBytes(StandardCharsets.UTF_8)));
    }

    static ProtoMessage picture(String tag, Png png) {
        return value(tag, plugin("images"), BLOBS, strings(number(png.width()), number(png.height()), png.bytes()));
    }

    private static byte[] number(int value) {
        return Integer.toString(value).getBytes(StandardCharsets.US_ASCII);
    }

    /** A histogram as rows {@code [left edge, right edge, count]}; a single row of zeros if no number is finite. */
    @SuppressWarnings("ByteBufferBackingArray") // array() has exactly the bytes of the buffer
    static ProtoMessage histogram(String tag, Bins bins) {
        int rows = bins.counts().length;
        boolean isEmpty = bins.least() > bins.most();
        ByteBuffer content = ProtoMessage.littleEndian(rows * 3 * Double.BYTES);
        for (int k = 0; k < rows && !isEmpty; k++) {
            content.putDouble(k == 0 ? bins.least() : bins.edge(k))
                    .putDouble(k == rows - 1 ? bins.most() : bins.edge(k + 1))
                    .putDouble((double) bins.counts()[k]);
        }
        return value(
                tag, plugin("histograms"), ANY_TENSOR, tensor(DOUBLE, rows, 3).bytes(4, content.array()));
    }

    /**
     * The hyperparameters of a run. No message about the experiment is written, since this message would fix the names of hyperparameters
     * for all runs in a folder; without the message TensorBoard collects the names from the runs.
     */
    static ProtoMessage hyperparameters(TrainingRun run) {
        ProtoMessage session = new ProtoMessage();
        run.settings().forEach((name, setting) -> session.message(1, entry(name, setting)));
        session.real(5, seconds(run.at().time()));
        ProtoMessage data = new ProtoMessage().message(3, session);
        ProtoMessage plugin = new ProtoMessage().text(1, "hparams").bytes(2, data.toBytes());
        return value(
                "_hparams_/session_start_info",
                plugin,
                ANY_TENSOR,
                tensor(FLOAT, 1).real(5, 0f));
    }

    private static ProtoMessage entry(String name, String setting) {
        ProtoMessage value = new ProtoMessage();
        if (NUMBER.matcher(setting).matches()) {
            value.real(2, Double.parseDouble(setting));
        } else if (setting.equals("true") || setting.equals("false")) {
            value.integer(4, setting.equals("true") ? 1 : 0);
        } else {
            value.text(3, setting);
        }
        return new ProtoMessage().text(1, name).message(2, value);
    }

    private static ProtoMessage plugin(String name) {
        return new ProtoMessage().text(1, name);
    }

    private static ProtoMessage value(String tag, ProtoMessage plugin, int dataClass, ProtoMessage tensor) {
        ProtoMessage metadata = new ProtoMessage().message(1, plugin).integer(4, dataClass);
        return new ProtoMessage().text(1, tag).message(9, metadata).message(8, tensor);
    }

    private static ProtoMessage strings(byte[]... elements) {
        ProtoMessage tensor = tensor(STRING, elements.length);
        for (byte[] element : elements) {
            tensor.bytes(8, element);
        }
        return tensor;
    }

    private static ProtoMessage tensor(int dtype, int... dims) {
        ProtoMessage shape = new ProtoMessage();
        for (int dim : dims) {
            shape.message(2, new ProtoMessage().integer(1, dim));
        }
        return new ProtoMessage().integer(1, dtype).message(2, shape);
    }
}
