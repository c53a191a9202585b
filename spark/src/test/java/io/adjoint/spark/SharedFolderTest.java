package io.adjoint.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.util.SerializableConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Files that are put into a folder of all executors, and file systems that refuse something. */
@ExtendWith(LocalSpark.class)
class SharedFolderTest {
    private static final Map<String, String> UNCACHED = Map.of("fs.file.impl.disable.cache", "true");

    @TempDir
    java.nio.file.Path local;

    @TempDir
    java.nio.file.Path shared;

    /** A file system that renames no file. */
    public static final class WithoutRename extends LocalFileSystem {
        /** Hadoop calls this constructor. */
        public WithoutRename() {}

        @Override
        public boolean rename(Path from, Path to) {
            return false;
        }
    }

    /** A file system that fails like one whose writer is killed before the last step of a replacement. */
    public static final class KilledWriter extends LocalFileSystem {
        /** Hadoop calls this constructor. */
        public KilledWriter() {}

        @Override
        public boolean rename(Path from, Path to) throws IOException {
            if (from.getName().equals("name.next")) {
                throw new IOException("killed");
            }
            return super.rename(from, to);
        }
    }

    /** A file system that deletes no folder. */
    public static final class WithoutDelete extends LocalFileSystem {
        /** Hadoop calls this constructor. */
        public WithoutDelete() {}

        @Override
        public boolean delete(Path path, boolean isRecursive) throws IOException {
            if (isRecursive) {
                throw new IOException("the folder belongs to another user");
            }
            return super.delete(path, false);
        }
    }

    private SharedFolder folder(Class<? extends LocalFileSystem> type) {
        Configuration configuration = new Configuration();
        UNCACHED.forEach(configuration::set);
        configuration.set("fs.file.impl", type.getName());
        return new SharedFolder(shared.toUri().toString(), new SerializableConfiguration(configuration));
    }

    private java.nio.file.Path file(String text) throws IOException {
        return Files.writeString(local.resolve("file"), text);
    }

    @Test
    void aFileTakesThePlaceOfAnotherAndLeavesNoOther() throws IOException {
        SharedFolder folder = folder(LocalFileSystem.class);
        folder.put(file("one"), "name");
        folder.put(file("two"), "name");
        assertThat(shared.resolve("name")).hasContent("two");
        assertThat(folder.files().listStatus(folder.resolve("."))).hasSize(1);
    }

    @Test
    void aFileIsFoundThoughItsWriterWasKilledWhileItReplacedAnother() throws IOException {
        SharedFolder folder = folder(LocalFileSystem.class);
        assertThat(folder.find("name")).isEmpty();
        folder.put(file("one"), "name");
        java.nio.file.Path two = file("two");
        assertThatThrownBy(() -> folder(KilledWriter.class).put(two, "name")).hasMessage("killed");
        assertThat(shared.resolve("name")).doesNotExist();
        assertThat(folder.find("name")).contains(folder.resolve("name"));
        assertThat(shared.resolve("name")).hasContent("two");
        folder.put(file("three"), "name");
        assertThat(shared.resolve("name")).hasContent("three");
        assertThat(folder.files().listStatus(folder.resolve("."))).hasSize(1);
    }

    @Test
    void aRefusedNewNameIsAnError() throws IOException {
        java.nio.file.Path file = file("one");
        assertThatThrownBy(() -> folder(WithoutRename.class).put(file, "name"))
                .isInstanceOf(IOException.class)
                .hasMessageMatching("cannot rename file:.*/name\\..*\\.partial to file:.*/name");
    }

    @Test
    void aModelIsReturnedThoughItsCheckpointsCannotBeDeleted() {
        Configuration configuration = LocalSpark.context().hadoopConfiguration();
        UNCACHED.forEach(configuration::set);
        configuration.set("fs.file.impl", WithoutDelete.class.getName());
        try {
            NeuralClassificationModel model =
                    DisturbedFitTest.classifier(shared, Perilous.Peril.NONE).fit(Blobs.data(LocalSpark.session(), 128));
            DisturbedFitTest.requirePlain(model);
            assertThat(shared.resolve("checkpoints")).isNotEmptyDirectory();
        } finally {
            configuration.unset("fs.file.impl");
            UNCACHED.keySet().forEach(configuration::unset);
        }
    }
}
