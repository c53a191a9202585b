package io.adjoint.io;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The newest files of a folder of checkpoints if they can't be loaded, and the whole checkpoint before them.
 *
 * @param files the files that can't be loaded, newest first
 * @param isAnother true if one of them is another kind of file than a damaged checkpoint, so that it may still be needed
 * @param whole the newest whole checkpoint; null if there is none
 */
record UnusableCheckpoints(
        List<Path> files, boolean isAnother, @Nullable Path whole) {
    /** Looks for the newest whole checkpoint, given the problem of the newest file. */
    static UnusableCheckpoints of(List<Path> newestFirst, MalformedFileException problem) {
        List<Path> unusable = new ArrayList<>();
        unusable.add(newestFirst.get(0));
        boolean isAnother = problem.isAnother();
        for (Path file : newestFirst.subList(1, newestFirst.size())) {
            Optional<MalformedFileException> older = CheckpointFile.problem(file);
            if (older.isEmpty()) {
                return new UnusableCheckpoints(unusable, isAnother, file);
            }
            unusable.add(file);
            isAnother |= older.get().isAnother();
        }
        return new UnusableCheckpoints(unusable, isAnother, null);
    }

    /** The sentence about all but the newest file; empty if there are no others. */
    String others() {
        String others = files.stream().skip(1).map(Path::toString).collect(Collectors.joining(", "));
        return others.isEmpty() ? "" : ". These can't be loaded either: " + others;
    }

    /** The advice to delete files that are damaged, or to move them if one may still be needed. */
    String wayOut() {
        String them = files.size() == 1 ? "it" : "them";
        String remove = isAnother ? "move " + them + " to another folder to" : "delete " + them + " to";
        String way = whole == null
                ? ", and no older one is whole; " + remove + " begin anew"
                : "; " + remove + " go on from " + whole + ", which is whole"
                        + (isAnother ? "" : "; or let skipDamaged(warning) do so");
        return others() + ". Nothing was loaded" + way;
    }
}
