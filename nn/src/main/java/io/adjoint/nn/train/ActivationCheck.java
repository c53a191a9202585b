package io.adjoint.nn.train;

import io.adjoint.autograd.Tensor;
import io.adjoint.core.Lease;
import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import io.adjoint.nn.Block;
import io.adjoint.nn.Modes;
import io.adjoint.nn.layer.ReLU;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Looks for ReLU layers in which many units output 0 for all samples. */
final class ActivationCheck extends Doctor.Check {
    private static final int WINDOW = 20;
    private static final double MOST = 0.5;

    private final Map<Block, Units> seen = new HashMap<>();

    /** The largest output of each unit over several batches, by the axis along which the units are assumed to lie. */
    private static final class Units {
        int runs;
        final Map<Integer, NdArray> largest = new HashMap<>();
    }

    ActivationCheck(Doctor doctor) {
        super(doctor);
    }

    @Override
    void ran(Block block, String path, Object output) {
        if (block instanceof ReLU
                && Modes.isTraining(block)
                && output instanceof Tensor y
                && y.shape().rank() > 1) {
            Units units = seen.computeIfAbsent(block, b -> new Units());
            // The units lie along axis 1, like channels, or along the last axis, like the features of a sequence, so
            // both axes are examined.
            add(units, 1, y.data());
            add(units, y.shape().rank() - 1, y.data());
            if (++units.runs == WINDOW) {
                examine(block, units);
                seen.remove(block);
            }
        }
    }

    private static void add(Units units, int axis, NdArray y) {
        Shape shape = y.shape();
        if (y.size() == 0) {
            return;
        }
        int[] others =
                IntStream.range(0, shape.rank()).filter(other -> other != axis).toArray();
        NdArray before = units.largest.get(axis);
        // The largest values are used in later steps, too, so they are computed outside of the current step's
        // workspace, whose memory later steps reuse.
        units.largest.put(axis, Lease.outside(() -> {
            NdArray now = y.amax(others);
            return before == null || !before.shape().equals(now.shape()) ? now : before.zip(now, Math::max);
        }));
    }

    private void examine(Block block, Units units) {
        double dead = units.largest.values().stream()
                .mapToDouble(largest -> {
                    double zeros = Arrays.stream(largest.toDoubleArray())
                            .filter(v -> v <= 0)
                            .count();
                    return zeros / largest.size();
                })
                .min()
                .orElse(0);
        if (dead > MOST) {
            doctor.report(
                    Mistake.DEAD_UNITS,
                    doctor.paths.getOrDefault(block, ""),
                    Doctor.text("%.0f %% of the units gave 0 for every sample of %d batches", 100 * dead, WINDOW));
            blameRate(doctor.paths.getOrDefault(block, ""));
        }
    }

    /**
     * Reports weights that one step changed by more than their own norm, as a probable cause of the dead units at {@code path}. The largest
     * change of all steps counts, since dead units get no gradient, so that later steps change their weights little.
     */
    private void blameRate(String path) {
        // The loop goes over a copy, since report() may call the program's listener, and a pass that the listener runs
        // may add parameters to the list.
        for (WatchedLeaf watched : List.copyOf(doctor.leaves)) {
            if (watched.isWeight() && watched.largestRatio > 1) {
                doctor.report(
                        Mistake.RATE_TOO_HIGH,
                        watched.path,
                        Doctor.text(
                                "a step changed the weight by %.0f %% of its norm, and most units of '%s' are dead",
                                100 * watched.largestRatio, path));
            }
        }
    }
}
