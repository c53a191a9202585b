package io.adjoint.spark;

import io.adjoint.nn.train.CsvLog;
import io.adjoint.nn.train.Log;
import io.adjoint.nn.train.Moment;
import io.adjoint.nn.train.TrainingRun;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;

/**
 * A {@link CsvLog} in a Hadoop file system: its file is written in a local folder and copied after each epoch, since not every Hadoop file
 * system can append to a file.
 */
final class RemoteLog implements Log {
    private static final String NAME = "metrics.csv";

    private final SharedFolder shared;
    private @Nullable LocalFolder folder;
    private @Nullable CsvLog csv;

    RemoteLog(SharedFolder shared) {
        this.shared = shared;
    }

    @Override
    public void start(TrainingRun run) {
        boolean isStarted = false;
        try {
            folder = new LocalFolder();
            java.nio.file.Path local = folder.path();
            FileSystem files = shared.files();
            Optional<Path> earlier = shared.find(NAME);
            if (earlier.isPresent()) {
                files.copyToLocalFile(
                        false, earlier.get(), new Path(local.resolve(NAME).toUri()), true);
            }
            csv = new CsvLog(local);
            csv.start(run);
            // CsvLog renames a file of another training and begins a new file. The shared file, of which the renamed
            // file is a copy, is then renamed as well, so that copy() does not replace it.
            if (Files.exists(local.resolve(name(1)))) {
                int free = 1;
                while (files.exists(shared.resolve(name(free)))) {
                    free++;
                }
                shared.rename(shared.resolve(NAME), shared.resolve(name(free)));
            }
            copy();
            isStarted = true;
        } catch (IOException e) {
            throw new UncheckedIOException("the log could not be begun in " + shared.path() + ": " + e.getMessage(), e);
        } finally {
            if (!isStarted) {
                // The training doesn't call end() on a log whose start() threw.
                end(run.at());
            }
        }
    }

    private static String name(int number) {
        return "metrics." + number + ".csv";
    }

    @Override
    public void passOn(Consumer<Log> event) {
        if (csv != null) {
            event.accept(csv);
        }
    }

    @Override
    public void epoch(Moment at, Map<String, Double> values) {
        Log.super.epoch(at, values);
        try {
            copy();
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "the log could not be written to " + shared.path() + ": " + e.getMessage(), e);
        }
    }

    private void copy() throws IOException {
        if (folder != null) {
            shared.put(folder.path().resolve(NAME), NAME);
        }
    }

    @Override
    public void end(Moment at) {
        try {
            if (csv != null) {
                csv.end(at);
            }
            if (folder != null) {
                folder.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            csv = null;
            folder = null;
        }
    }
}
