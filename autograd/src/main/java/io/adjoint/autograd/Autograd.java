package io.adjoint.autograd;

import io.adjoint.core.NdArray;
import io.adjoint.core.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** Recording of operations, for the built-in ones and a user's own alike, and gradients as values. */
public final class Autograd {
    private Autograd() {}

    /**
     * Records an operation: its value, and for each input that can have a gradient an edge with the rule. An edge to an input that
     * needs no gradient is dropped, and with it whatever its rule captured; what a kept rule captures is what is saved for the
     * backward pass. Rules compute with tensors, so that they can be differentiated again.
     *
     * @param name the operation's name in messages and pictures of the graph
     */
    public static Tensor op(String name, NdArray value, Edge... edges) {
        List<Node.Link> links = links(edges);
        if (links.isEmpty()) {
            return Tensor.of(value);
        }
        Node node = Node.step(name, value);
        node.link(links);
        return new Tensor(value, node);
    }

    /** As {@link #op(String, NdArray, Edge...)}, for rules that read the operation's own output. */
    public static Tensor op(String name, NdArray value, Function<Tensor, Edge> edgeOfOutput, Tensor input) {
        if (!input.requiresGrad() || !isRecording()) {
            return Tensor.of(value);
        }
        Node node = Node.step(name, value);
        Tensor output = new Tensor(value, node);
        node.link(links(edgeOfOutput.apply(output)));
        return output;
    }

    private static List<Node.Link> links(Edge... edges) {
        List<Node.Link> links = List.of();
        for (Edge edge : edges) {
            Node to = edge.input().node;
            if (to != null) {
                links = links.isEmpty()
                        ? List.of(new Node.Link(to, edge.rule()))
                        : append(links, new Node.Link(to, edge.rule()));
            }
        }
        return links.isEmpty() || isRecording() ? links : List.of();
    }

    private static List<Node.Link> append(List<Node.Link> links, Node.Link link) {
        List<Node.Link> more = new ArrayList<>(links);
        more.add(link);
        return more;
    }

    /** Whether this thread records operations. */
    public static boolean isRecording() {
        return Recorder.current().recording();
    }

    /** Runs the body without recording: its results require no gradient. Only this thread is concerned. */
    public static <T> T noGrad(Supplier<T> body) {
        return Recorder.current().recording(false, body);
    }

    /** Runs the body without recording; see {@link #noGrad(Supplier)}. */
    public static void noGrad(Runnable body) {
        noGrad(() -> {
            body.run();
            return true;
        });
    }

    /** Runs the body with recording on, within {@link #noGrad}. */
    public static <T> T enableGrad(Supplier<T> body) {
        return Recorder.current().recording(true, body);
    }

    /**
     * The gradients of a scalar with respect to the given tensors, leaves or not; nothing is accumulated anywhere.
     *
     * @throws GraphException if the output is not a scalar, or does not depend on one of the inputs
     */
    public static List<Tensor> grad(Tensor output, Tensor... inputs) {
        return grad(output, Graph.FREE, inputs);
    }

    /** As {@link #grad(Tensor, Tensor...)}; {@link Graph#CREATE} makes the gradients differentiable themselves. */
    public static List<Tensor> grad(Tensor output, Graph graph, Tensor... inputs) {
        return grad(output, Engine.implicitSeed(output), graph, inputs);
    }

    /** The vector-Jacobian products of an output of any shape: {@code gradient} is what arrives at the output. */
    public static List<Tensor> grad(Tensor output, Tensor gradient, Graph graph, Tensor... inputs) {
        List<Optional<Tensor>> found = Engine.grad(output, gradient, graph, Arrays.asList(inputs));
        List<Tensor> gradients = new ArrayList<>();
        for (int k = 0; k < inputs.length; k++) {
            Shape shape = inputs[k].shape();
            int position = k;
            gradients.add(found.get(k)
                    .orElseThrow(() -> new GraphException("grad: the output " + output.shape()
                            + " does not depend on input " + position + ", of shape " + shape
                            + "; leave it out, or use it in the computation")));
        }
        return gradients;
    }
}
