package io.adjoint.nn.data;

/**
 * Makes the batches of an epoch by their numbers, and counts the batches that were taken.
 *
 * @param <B> the type of a batch
 */
interface BatchMaker<B> {
    /** Returns the name of the loader's class, for messages. */
    String loader();

    /** Returns the number of batches taken so far, which is also the number of the next batch. */
    int position();

    /** Marks the next batch as taken, so that it isn't made again. */
    void taken();

    /** Returns whether the epoch has a next batch. */
    boolean hasBatch();

    /** Returns false if the epoch is known to have no batch with the given number. */
    boolean mayHave(int number);

    /**
     * Makes a batch that was not taken yet. Any thread may call this method, also several times for the same batch.
     *
     * @throws SampleException if the batch can't be made
     * @throws java.util.NoSuchElementException if the epoch ends before this batch
     */
    B make(int number);

    /** Closes open resources such as files. Any thread may call this method, also while other threads make batches. */
    default void close() {}
}
