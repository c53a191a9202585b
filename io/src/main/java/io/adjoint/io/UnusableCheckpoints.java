package io.adjoint.io;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The first files of an order of checkpoints, newest or best first, if they can't be loaded, and the whole checkpoint after them.
 *
 * @param files the files that can't be loaded, in that order
 * @param isAnother true if one of them is another kind of file than a damaged checkpoint, so that it may still be needed
 * @param whole the first whole checkpoint; null if there is none
 */
record UnusableCheckpoints(
        List<Path> files, boolean isAnother, @Nullable Path whole) {
    /** Looks for the first whole checkpoint, given the problem of the first file. */
    static UnusableCheckpoints of(List<Path> ordered, MalformedFileException problem) {
        List<Path> unusable = new ArrayList<>();
        unusable.add(ordered.get(0));
        boolean isAnother = problem.isAnother();
        for (Path file : ordered.subList(1, ordered.size())) {
            Optional<MalformedFileException> next = CheckpointFile.problem(file);
            if (next.isEmpty()) {
                return new UnusableCheckpoints(unusable, isAnother, file);
            }
            unusable.add(file);
            isAnother |= next.get().isAnother();
        }
        return new UnusableCheckpoints(unusable, isAnother, null);
    }

    /** The sentence about all but the first file; empty if there are no others. */
    String others() {
        String others = files.stream().skip(1).map(Path::toString).collect(Collectors.joining(", "));
        return others.isEmpty() ? "" : ". These can't be loaded either: " + others;
    }

    /** The advice for a search of the best checkpoint; its candidates are whole or damaged. */
    String wayOutForBest() {
        String them = files.size() == 1 ? "it" : "they";
        return others() + ". The best checkpoint can't be told, as " + them + " could be it"
                + (whole == null
                        ? ", and no other one with the value is whole"
                        : "; the best whole one is " + whole + ", which skipDamaged(warning) goes on with");
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
