package io.adjoint.nn.train;

/**
 * A mistake that a {@link Doctor} found.
 *
 * @param mistake the mistake
 * @param path the path of the parameter or block at fault; empty if it is the whole training
 * @param step the number of optimizer steps that had been made when it was found
 * @param evidence the measurement that it was found by
 */
public record Finding(Mistake mistake, String path, long step, String evidence) {
    /** The mistake, its evidence, and the way out, in one line. */
    @Override
    public String toString() {
        return mistake + (path.isEmpty() ? "" : " at " + path) + ", step " + step + ": " + evidence + "; "
                + mistake.advice();
    }
}
