package io.adjoint.nn.data;

/**
 * Makes the batches of an epoch by their numbers, and counts the batches that were taken.
 *
 * @param <B> the type of a batch
 */
interface BatchMaker<B> {
    /** The name of the class whose batches these are, for messages. */
    String loader();

    /** The number of batches that were taken. */
    int position();

    /** Counts the batch at the position as taken, after which it isn't made again. */
    void taken();

    /** Returns whether there is a batch at the position; if not, the epoch is over. */
    boolean hasBatch();

    /** Returns false if it is known that the epoch has no batch of this number. */
    boolean mayHave(int number);

    /**
     * Makes a batch that was not taken yet. Any thread may call this, several times for the same batch.
     *
     * @throws SampleException if the batch can't be made
     * @throws java.util.NoSuchElementException if the epoch ends before this batch
     */
    B make(int number);

    /** Closes open resources such as files. Any thread may call this, also while other threads make batches. */
    default void close() {}
}
