package io.adjoint.spark;

import io.adjoint.core.MalformedDataException;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.io.Checkpoints;
import io.adjoint.nn.parallel.Collective;
import io.adjoint.nn.train.Epoch;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The checkpoints of a training by several workers, in a file system that all of them can access. Rank 0 saves each checkpoint to a local
 * folder and copies it to the shared folder under a temporary name, which is changed when the copy is complete.
 */
final class RemoteCheckpoints implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NeuralEstimator.class);
    private static final Pattern NAME = Pattern.compile("checkpoint-([0-9]{9,18})\\.safetensors");
    private static final int KEPT = 2;

    private final Collective workers;
    private final SharedFolder shared;
    private final String name;
    private final FileSystem files;
    private final Path folder;
    private final LocalFolder localFolder;
    private final Checkpoints local;

    RemoteCheckpoints(SharedFolder shared, String name, Collective workers) throws IOException {
        this.workers = workers;
        this.shared = shared;
        this.name = name;
        files = shared.files();
        folder = shared.resolve(name);
        localFolder = new LocalFolder();
        local = new Checkpoints(localFolder.path()).keepLast(1);
    }

    /**
     * The checkpoints in the local folder; the caller adds the parts of the training that the checkpoints save: model, optimizer, trainer
     * and generator.
     */
    Checkpoints local() {
        return local;
    }

    /**
     * Resumes from the newest whole checkpoint, if there is one; all workers use the checkpoints that rank 0 finds. A damaged one is set
     * aside with a warning.
     */
    void resume() throws IOException {
        NavigableMap<Long, Path> all = workers.rank() == 0 ? all() : new TreeMap<>();
        double[] steps = all.keySet().stream().mapToDouble(step -> step).toArray();
        for (double step : workers.allGather(NdArray.of(Shape.of(steps.length), steps))
                .get(0)
                .toDoubleArray()) {
            String file = String.format(Locale.ROOT, "checkpoint-%09d.safetensors", (long) step);
            Path copy = new Path(localFolder.path().resolve(file).toUri());
            files.copyToLocalFile(false, new Path(folder, file), copy, true);
        }
        long resumed;
        try {
            resumed = local.skipDamaged(this::warn).resume();
        } catch (MalformedDataException e) {
            throw new IllegalArgumentException(remote(String.valueOf(e.getMessage())), e);
        }
        // All workers must have copied the checkpoints before rank 0 deletes or renames one.
        workers.barrier();
        for (Path damaged : all.tailMap(resumed, false).values()) {
            Path aside = damaged.suffix(".damaged");
            files.delete(aside, false);
            shared.rename(damaged, aside);
        }
    }

    private void warn(String text) {
        if (workers.rank() == 0) {
            LOG.warn("{}", remote(text));
        }
    }

    /** The text with the names of the shared files in place of their local copies. */
    private String remote(String text) {
        return text.replace(localFolder.path().toString(), folder.toString());
    }

    /** Saves a checkpoint on rank 0; does nothing on other ranks. */
    void save(Epoch epoch) {
        if (workers.rank() > 0) {
            return;
        }
        try {
            local.save(epoch);
            java.nio.file.Path file = local.newest().orElseThrow();
            shared.put(file, name + "/" + file.getFileName());
            NavigableMap<Long, Path> all = all();
            while (all.size() > KEPT) {
                files.delete(all.pollFirstEntry().getValue(), false);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("a checkpoint could not be saved: " + e.getMessage(), e);
        }
    }

    /** The checkpoints in the shared folder, by the training step in the file's name. */
    private NavigableMap<Long, Path> all() throws IOException {
        NavigableMap<Long, Path> all = new TreeMap<>();
        try {
            for (FileStatus status : files.listStatus(folder)) {
                Matcher name = NAME.matcher(status.getPath().getName());
                if (name.matches()) {
                    all.put(Long.valueOf(name.group(1)), status.getPath());
                }
            }
        } catch (FileNotFoundException e) {
            // There is no folder yet, since nothing has been saved.
            return all;
        }
        return all;
    }

    @Override
    public void close() throws IOException {
        localFolder.close();
    }
}
