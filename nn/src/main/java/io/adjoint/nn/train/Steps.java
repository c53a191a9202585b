package io.adjoint.nn.train;

import io.adjoint.autograd.Tensor;
import io.adjoint.nn.Block;
import io.adjoint.nn.optim.Clip;
import io.adjoint.nn.optim.Optimizer;
import io.adjoint.nn.optim.Schedule;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The part of a {@link Trainer} that makes steps of the losses of batches. */
final class Steps {
    final Optimizer optimizer;
    final List<Consumer<? super Tensor>> batchListeners = new CopyOnWriteArrayList<>();
    final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    @Nullable
    Schedule schedule;

    double maxNorm = Double.POSITIVE_INFINITY;
    /** The norm that was clipped last. */
    double norm = Double.NaN;
    /** The number of batches for which a step is made. */
    int accumulated = 1;

    Steps(Optimizer optimizer) {
        this.optimizer = optimizer;
    }

    /**
     * Refuses settings that contradict each other.
     *
     * @throws IllegalArgumentException if they do
     */
    void check(Block model) {
        List<Tensor> parameters = model.parameters();
        Trainer.requireThat(
                parameters.isEmpty()
                        || optimizer.parameters().stream()
                                .anyMatch(own -> parameters.stream().anyMatch(parameter -> parameter == own)),
                "the optimizer has none of the model's " + parameters.size()
                        + " parameters, so nothing would be trained; make it of model.parameters()");
        Trainer.requireThat(
                !optimizer.needsClosure() || (accumulated == 1 && maxNorm == Double.POSITIVE_INFINITY),
                optimizer.getClass().getSimpleName()
                        + " evaluates the loss of a batch several times a step, so gradients can be neither accumulated (make"
                        + " the batches larger) nor clipped (its line search needs the true ones)");
    }

    /** Trains with a batch that counts as much as the weight. */
    void train(Supplier<Tensor> loss, double weight, Course course) {
        Tensor value = optimizer.needsClosure() ? step(loss, course) : backward(loss.get(), weight, course);
        course.add(value.item(), weight);
        batchListeners.forEach(listener -> listener.accept(value));
        stepIfDue(course, accumulated);
    }

    private Tensor step(Supplier<Tensor> loss, Course course) {
        setRate(course);
        return optimizer.step(() -> {
            optimizer.zeroGrad();
            Tensor value = loss.get();
            value.backward();
            return value;
        });
    }

    private Tensor backward(Tensor value, double weight, Course course) {
        if (accumulated == 1) {
            value.backward();
        } else {
            double all = course.pendingSamples + weight;
            scaleGradients(course.pendingSamples / all);
            value.mul(weight / all).backward();
        }
        return value;
    }

    /** Makes a step if that many batches made none yet; a closure's was made with the batch, but not counted and told of. */
    void stepIfDue(Course course, int batches) {
        if (course.pending < batches) {
            return;
        }
        if (!optimizer.needsClosure()) {
            if (maxNorm < Double.POSITIVE_INFINITY) {
                norm = Clip.norm(optimizer.parameters(), maxNorm);
            }
            setRate(course);
            optimizer.step();
        }
        course.stepped();
        optimizer.zeroGrad();
        listeners.forEach(Runnable::run);
    }

    /** Makes room in gradients, which are the mean of the batches accumulated so far, for those of another batch. */
    private void scaleGradients(double factor) {
        optimizer.parameters().forEach(parameter -> {
            Tensor gradient = parameter.grad();
            if (gradient != null) {
                parameter.setGrad(gradient.mul(factor));
            }
        });
    }

    private void setRate(Course course) {
        if (schedule != null) {
            optimizer.learningRate(schedule.at(course.steps));
        }
    }
}
