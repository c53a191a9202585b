// The start script of JShell for Adjoint: docs/using.md says how to start it.
import io.adjoint.autograd.*;
import io.adjoint.autograd.transforms.*;
import io.adjoint.autograd.view.*;
import io.adjoint.core.*;
import io.adjoint.io.*;
import io.adjoint.io.onnx.*;
import io.adjoint.nn.*;
import io.adjoint.nn.data.*;
import io.adjoint.nn.layer.*;
import io.adjoint.nn.loss.*;
import io.adjoint.nn.metric.*;
import io.adjoint.nn.optim.*;
import io.adjoint.nn.parallel.*;
import io.adjoint.nn.train.*;
import io.adjoint.view.*;
import static io.adjoint.autograd.Autograd.*;
import static io.adjoint.autograd.Edge.*;
import java.nio.file.*;
import java.util.*;
import java.util.function.*;

Path pages = Files.createTempDirectory("adjoint");
pages.toFile().deleteOnExit();

/** Opens a page in the browser, where there is a desktop, and prints its address. */
void open(Path page) throws Exception {
    System.out.println(page.toUri());
    if (!java.awt.GraphicsEnvironment.isHeadless() && java.awt.Desktop.isDesktopSupported()) {
        java.awt.Desktop.getDesktop().browse(page.toUri());
    }
}

/** A new file for a page. */
Path page(String name) throws Exception {
    Path page = Files.createTempFile(pages, name + "-", ".html");
    page.toFile().deleteOnExit();
    return page;
}

/** Prints a tensor with its type and shape. */
void show(Tensor tensor) {
    System.out.println(tensor.dtype() + " " + tensor.shape() + "\n" + tensor);
}

/** Opens the picture of a graph: show(GraphView.of(() -> loss)). */
void show(GraphView graph) throws Exception {
    Path page = page("graph");
    GraphPage.of(graph).write(page);
    open(page);
}

/** Opens the chain rule, step by step: steps(() -> loss). */
void steps(Supplier<Tensor> loss) throws Exception {
    Path page = page("steps");
    ChainRulePage.of(loss).write(page);
    open(page);
}

/** Opens a report, one that was a trainer's log. */
void report(Report report) throws Exception {
    Path page = page("report");
    report.write(page);
    open(page);
}

/** Opens the curves of a training. */
void report(History history) throws Exception {
    Path page = page("report");
    Report.of("Training", history).write(page);
    open(page);
}

/** A page within a notebook, in a frame so that their styles stay apart: the last line of a cell is frame(report.html()). */
String frame(String html) {
    String quoted = html.replace("&", "&amp;").replace("\"", "&quot;");
    return "<iframe width='100%' height='600' srcdoc=\"" + quoted + "\"></iframe>";
}

System.out.println("Adjoint: show(tensor), show(GraphView.of(() -> loss)), steps(() -> loss), report(history)");
