package io.adjoint.nn.parallel;

import io.adjoint.core.InPlace;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.nn.Settings;
import io.adjoint.nn.parallel.Call.Operation;
import io.adjoint.nn.parallel.ShardTree.Subtree;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One of several workers that run the same program and exchange arrays: threads of a JVM, or JVMs on one machine or many. Each has a
 * rank, from 0 on.
 *
 * <p>All workers call the same operations in the same order, and an operation returns after all have called it. Calls that differ, or
 * arrays that must be equal and are not, are an error that names both. Results share no elements with arguments.
 *
 * <p>A worker that fails, ends, or doesn't call within the time-out ends the operation of all others by a {@link CollectiveException}, and
 * with it their collectives: every later call throws, too. An interrupt has the same effect. Results from before stay valid.
 *
 * <p>For one thread at a time; another one may only {@link #close} it.
 */
public final class Collective implements AutoCloseable {
    /**
     * The default time-out, long enough for workers that wait while another one evaluates or saves. The end of a worker is noticed at once,
     * not only after the time-out.
     */
    static final Duration TIMEOUT = Duration.ofMinutes(10);

    private static final NdArray NOTHING = NdArray.of(Shape.of(0), new boolean[0]);

    private final Transport transport;
    /** The thread that is executing an operation; null if none is. */
    private final AtomicReference<@Nullable Thread> user = new AtomicReference<>();

    private long number;
    /** The reason why no operation can be called any more; null while operations can be called. */
    private volatile @Nullable String end;

    Collective(Transport transport) {
        this.transport = transport;
    }

    /** The one worker of a program without others; its operations return copies. */
    public static Collective alone() {
        return new Collective(new ThreadRoom(1, TIMEOUT).place(0));
    }

    /**
     * Runs a function by threads of this JVM, each with its collective, and waits for all. The first worker that fails ends the
     * operations of the others, now or when they call the next one. A worker's loops have one thread, its own; the loops of a task
     * that it submits to a {@link java.util.concurrent.ForkJoinPool} have the threads of that pool.
     *
     * @return the results of the function, by rank
     * @throws CollectiveException if a worker fails, with its rank and its exception as the cause
     */
    public static <T extends @Nullable Object> List<T> threads(int size, Function<Collective, T> worker) {
        return threads(size, TIMEOUT, worker);
    }

    /**
     * As {@link #threads(int, Function)}, with a time-out.
     *
     * @param timeout the longest time that an operation waits for the other workers
     */
    public static <T extends @Nullable Object> List<T> threads(
            int size, Duration timeout, Function<Collective, T> worker) {
        Settings.requireCount("threads", "number of workers", size);
        return WorkerThreads.run(size, ConnectOptions.requireTimeout("threads", timeout), worker);
    }

    /**
     * Joins the workers of other JVMs. Returns as soon as all have joined. Rank 0 listens at the address, which the others connect to, also
     * if they come first; {@link Rendezvous} listens at a free port. Each worker but the last one listens for workers of higher ranks at a
     * free port of the network interface by which it reaches rank 0.
     *
     * @param address the address of rank 0
     * @param rank this worker's number, from 0 to the number of workers − 1
     * @throws CollectiveException if the others don't join within the time-out, refuse this one, or the thread is interrupted
     * @throws java.io.UncheckedIOException if rank 0 cannot listen at the address
     */
    public static Collective connect(InetSocketAddress address, int rank, ConnectOptions options) {
        Settings.requireIndex("connect", "rank", rank, options.size());
        if (rank > 0) {
            return new Collective(Joining.join(address, rank, options));
        }
        try (Rendezvous rendezvous = Rendezvous.open(address)) {
            return rendezvous.accept(options);
        }
    }

    /** The number of this worker, from 0 on. */
    public int rank() {
        return transport.rank();
    }

    /** The number of workers. */
    public int size() {
        return transport.size();
    }

    /**
     * Returns the array of one worker, the root, at all workers.
     *
     * @param array at the root the values, at the others any array of the same dtype and shape
     * @param root the rank whose array it is
     * @throws IndexOutOfBoundsException if there is no such rank
     * @throws CollectiveException if dtypes, shapes, roots or operations differ, or a worker fails
     */
    public NdArray broadcast(NdArray array, int root) {
        Settings.requireIndex("broadcast", "rank", root, size());
        return operate(Operation.BROADCAST, array, root, call -> {
            List<NdArray> sent = rank() == root ? List.of(flat(array)) : List.of();
            NdArray result = rank() == root ? array.copy() : NdArray.zerosLike(array);
            NdArray vector = flat(result);
            transport.exchange(
                    call, Collections.nCopies(size(), sent), (rank, theirs) -> rank == root ? vector : NOTHING);
            return result;
        });
    }

    /**
     * The arrays of all workers, by rank. Dtypes and shapes may differ.
     *
     * @throws CollectiveException if operations differ, or a worker fails
     */
    public List<NdArray> allGather(NdArray array) {
        return operate(
                Operation.ALL_GATHER, array, 0, call -> gather(call, array, Collections.nCopies(size(), true), true));
    }

    /**
     * The arrays of all workers at one of them, by rank; an empty list at the others. Dtypes and shapes may differ.
     *
     * @param root the rank that gets the arrays
     * @throws IndexOutOfBoundsException if there is no such rank
     * @throws CollectiveException if roots or operations differ, or a worker fails
     */
    public List<NdArray> gather(NdArray array, int root) {
        Settings.requireIndex("gather", "rank", root, size());
        List<Boolean> getting =
                IntStream.range(0, size()).mapToObj(rank -> rank == root).toList();
        return operate(Operation.GATHER, array, root, call -> gather(call, array, getting, rank() == root));
    }

    private List<NdArray> gather(Call call, NdArray array, List<Boolean> getting, boolean gets) {
        NdArray flat = flat(array);
        NdArray[] results = new NdArray[size()];
        Arrays.fill(results, NOTHING);
        results[rank()] = gets ? array.copy() : NOTHING;
        transport.exchange(
                call,
                getting.stream()
                        .map(each -> each ? List.of(flat) : List.<NdArray>of())
                        .toList(),
                (rank, theirs) -> {
                    results[rank] = gets ? NdArray.zeros(theirs.dtype(), theirs.shape()) : NOTHING;
                    return flat(results[rank]);
                });
        return gets ? List.of(results) : List.of();
    }

    /**
     * The sum of the arrays of all workers, at all of them; added in the order of a binary tree over the ranks, so that the bits are the
     * same everywhere and in each run.
     *
     * @param array numbers, of the same dtype and shape at all workers
     * @throws io.adjoint.core.DTypeException if the array is BOOL
     * @throws CollectiveException if dtypes, shapes or operations differ, a sum is out of the range of INT32, or a worker fails
     */
    public NdArray allReduce(NdArray array) {
        array.dtype().requireNumbers("allReduce");
        return sum(Operation.ALL_REDUCE, new ShardTree(size(), size()), List.of(array));
    }

    /**
     * Adds up the values of all shards, and returns the sum at each worker. Its bits don't depend on the number of workers.
     *
     * @param tree a tree for this number of workers
     * @param roots the sums of this worker's {@linkplain ShardTree#roots roots}, as a {@link TreeSum} makes them
     * @throws IllegalArgumentException if the tree is for another number of workers, the number of roots is wrong, or their dtypes or
     *     shapes differ
     */
    NdArray sum(ShardTree tree, List<NdArray> roots) {
        int expected = tree.roots(rank()).size();
        if (tree.workers() != size() || roots.size() != expected) {
            throw new IllegalArgumentException("sum: expected a tree of " + size() + " workers and " + expected
                    + " roots, got one of " + tree.workers() + " and " + roots.size());
        }
        NdArray first = roots.get(0);
        for (NdArray root : roots) {
            root.dtype().requireNumbers("sum");
            if (root.dtype() != first.dtype() || !root.shape().equals(first.shape())) {
                throw new IllegalArgumentException("sum: the roots must have one dtype and shape, got " + first.dtype()
                        + " " + first.shape() + " and " + root.dtype() + " " + root.shape());
            }
        }
        return sum(Operation.SHARD_SUM, tree, roots);
    }

    /** Each worker adds up one slice of the elements over all roots, and sends the result to the other workers. */
    private NdArray sum(Operation operation, ShardTree tree, List<NdArray> roots) {
        NdArray any = roots.get(0);
        return operate(operation, any, tree.shards(), call -> {
            List<NdArray> vectors = roots.stream().map(Collective::flat).toList();
            NdArray slice = sumOfSlice(call, tree, vectors);
            NdArray result = NdArray.zerosLike(any);
            NdArray vector = flat(result);
            InPlace.assign(slice(vector, rank()), slice);
            transport.exchange(
                    call.next(), Collections.nCopies(size(), List.of(slice)), (rank, theirs) -> slice(vector, rank));
            return result;
        });
    }

    private NdArray sumOfSlice(Call call, ShardTree tree, List<NdArray> vectors) {
        List<List<NdArray>> outgoing = new ArrayList<>();
        List<List<NdArray>> incoming = new ArrayList<>();
        NdArray own = slice(vectors.get(0), rank());
        for (int rank = 0; rank < size(); rank++) {
            int to = rank;
            outgoing.add(vectors.stream().map(vector -> slice(vector, to)).toList());
            incoming.add(List.of());
        }
        incoming.set(rank(), outgoing.get(rank()));
        transport.exchange(call, outgoing, (rank, theirs) -> {
            int count = tree.roots(rank).size();
            NdArray target = NdArray.zeros(own.dtype(), Shape.of(Math.multiplyExact(count, own.size())));
            incoming.set(
                    rank,
                    IntStream.range(0, count)
                            .mapToObj(k -> target.slice(0, k * own.size(), (k + 1) * own.size()))
                            .toList());
            return target;
        });
        TreeSum sum = new TreeSum(tree, 0);
        for (int rank = 0; rank < size(); rank++) {
            List<Subtree> roots = tree.roots(rank);
            for (int k = 0; k < roots.size(); k++) {
                sum.add(roots.get(k), incoming.get(rank).get(k));
            }
        }
        return sum.sums().get(0);
    }

    /** The slice of a vector that a worker adds up. */
    private NdArray slice(NdArray vector, int rank) {
        long size = vector.size();
        return vector.slice(0, (int) (size * rank / size()), (int) (size * (rank + 1) / size()));
    }

    /**
     * Waits until all workers have called it.
     *
     * @throws CollectiveException if operations differ, or a worker fails
     */
    public void barrier() {
        boolean unused = operate(Operation.BARRIER, NOTHING, 0, call -> {
            transport.exchange(call, Collections.nCopies(size(), List.of()), (rank, theirs) -> NOTHING);
            return true;
        });
    }

    private static NdArray flat(NdArray array) {
        return array.contiguous().reshape(array.size());
    }

    private <T> T operate(Operation operation, NdArray array, int setting, Function<Call, T> body) {
        if (!user.compareAndSet(null, Thread.currentThread())) {
            throw new IllegalStateException(operation + ": another thread is in an operation of this collective; its"
                    + " operations must be called one after the other");
        }
        try {
            if (end != null) {
                throw new CollectiveException(operation + ": this collective has ended: " + end, null);
            }
            Call call = new Call(operation, ++number, 0, array.dtype(), array.shape(), setting);
            return ending(call, () -> body.apply(call));
        } finally {
            user.set(null);
        }
    }

    /**
     * Runs the body of an operation. If the body throws, this collective ends, since the other workers may be in the middle of the
     * operation.
     */
    private <T> T ending(Call call, Supplier<T> body) {
        try {
            return body.get();
        } catch (TransportException e) {
            throw ended(call, String.valueOf(e.getMessage()), e.getCause());
        } catch (RuntimeException | Error e) {
            throw ended(call, "rank " + rank() + " failed: " + e, e);
        }
    }

    private CollectiveException ended(Call call, String reason, @Nullable Throwable cause) {
        String message = call.name() + ": " + reason;
        end = message;
        transport.fail(reason);
        return new CollectiveException(message, cause);
    }

    /**
     * Ends this collective because this worker's program has failed; the other workers learn the cause. Without this call they would only
     * learn that this worker has closed its collective. {@link #threads} calls it if a worker fails.
     */
    public void fail(Throwable cause) {
        end("rank " + rank() + " failed: " + cause, transport::fail);
    }

    /** Ends this collective. Other workers that call a further operation, or are in one, fail. Has no effect if it has ended. */
    @Override
    public void close() {
        end("rank " + rank() + " has closed its collective", reason -> transport.close());
    }

    private void end(String reason, Consumer<String> how) {
        if (!user.compareAndSet(null, Thread.currentThread())) {
            transport.abort(reason + ", by another thread");
            return;
        }
        try {
            if (end == null) {
                end = reason;
                how.accept(reason);
            }
        } finally {
            user.set(null);
        }
    }

    @Override
    public String toString() {
        return "Collective[rank " + rank() + " of " + size() + "]";
    }
}
