package io.adjoint.spark;

/** The failure of the function of a worker; the cause is the exception of the worker with the lowest rank that failed on its own. */
public final class WorkerException extends RuntimeException {
    private static final long serialVersionUID = 1;

    WorkerException(int rank, Throwable cause) {
        super("worker " + rank + " failed: " + cause, cause);
    }
}
