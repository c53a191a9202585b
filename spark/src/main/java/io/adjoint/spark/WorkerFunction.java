package io.adjoint.spark;

import io.adjoint.nn.parallel.Collective;
import java.io.Serializable;
import java.util.Iterator;

/**
 * The program of each worker of {@link SparkTraining#run}.
 *
 * @param <T> a row
 * @param <R> the result of a worker
 */
@FunctionalInterface
public interface WorkerFunction<T, R> extends Serializable {
    /**
     * Runs as a task of a Spark job.
     *
     * @param workers connects this worker to all others; closed after the function
     * @param rows the rows of this worker's partition, to be read once
     * @return a result that is serializable
     * @throws Exception if the worker fails; an {@link java.io.IOException} is taken for a temporary failure, after which Spark runs all
     *     workers again
     */
    R run(Collective workers, Iterator<T> rows) throws Exception;
}
