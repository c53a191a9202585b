package io.adjoint.nn.data;

/**
 * A split for cross-validation.
 *
 * @param train the samples to train on
 * @param test the samples held out
 * @param <S> the type of a sample
 */
public record Split<S>(Dataset<S> train, Dataset<S> test) {
    /** The numbers of samples: {@code Split[train=160 samples, test=40 samples]}. */
    @Override
    public String toString() {
        return "Split[train=" + train.size() + " samples, test=" + test.size() + " samples]";
    }
}
