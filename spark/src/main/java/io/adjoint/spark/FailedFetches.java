package io.adjoint.spark;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.FetchFailed;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Interrupts the other tasks of an attempt of a barrier stage when one task could not fetch its rows, since an executor that had these rows
 * was lost. After other failures Spark itself interrupts the other tasks. Without an interrupt the other tasks would wait for the failed
 * task, and keep the slots that the stage's next attempt needs.
 */
final class FailedFetches extends SparkListener {
    private final SparkContext context;
    /** The id of the barrier stage's RDD. */
    private final int rdd;
    /** The ids of the running tasks of each attempt; the key is the stage's id and the number of the attempt. */
    private final Map<List<Integer>, Set<Long>> running = new HashMap<>();

    FailedFetches(SparkContext context, int rdd) {
        this.context = context;
        this.rdd = rdd;
    }

    @Override
    public void onStageSubmitted(SparkListenerStageSubmitted event) {
        if (CollectionConverters.asJava(event.stageInfo().rddInfos()).stream().anyMatch(info -> info.id() == rdd)) {
            running.put(List.of(event.stageInfo().stageId(), event.stageInfo().attemptNumber()), new HashSet<>());
        }
    }

    @Override
    public void onTaskStart(SparkListenerTaskStart event) {
        Set<Long> tasks = running.get(List.of(event.stageId(), event.stageAttemptId()));
        if (tasks != null) {
            tasks.add(event.taskInfo().taskId());
        }
    }

    @Override
    public void onTaskEnd(SparkListenerTaskEnd event) {
        Set<Long> tasks = running.get(List.of(event.stageId(), event.stageAttemptId()));
        if (tasks == null) {
            return;
        }
        tasks.remove(event.taskInfo().taskId());
        if (event.reason() instanceof FetchFailed) {
            tasks.forEach(task -> context.killTaskAttempt(task, true, "another worker could not fetch its rows"));
        }
    }
}
