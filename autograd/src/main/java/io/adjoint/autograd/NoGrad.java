package io.adjoint.autograd;

/**
 * The part of a thread's work that is not recorded, from {@link Autograd#noGrad()} to {@link #close}.
 *
 * <pre>{@code
 * try (NoGrad off = Autograd.noGrad()) {
 *     for (int k = 0; k < 100; k++) {
 *         text = text.concat(next(model.forward(text)));
 *     }
 * }
 * }</pre>
 */
public final class NoGrad implements AutoCloseable {
    private final Recorder recorder;
    private boolean isClosed;

    NoGrad(Recorder recorder) {
        this.recorder = recorder;
    }

    /**
     * Ends the part: recording is on or off as it was before the part. A second call has no effect.
     *
     * @throws IllegalStateException if another thread began the part, or a part that began later has not ended; then nothing has changed
     */
    @Override
    public void close() {
        if (!isClosed) {
            Recorder.current().end(this, recorder);
            isClosed = true;
        }
    }
}
