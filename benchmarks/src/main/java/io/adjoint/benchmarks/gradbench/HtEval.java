package io.adjoint.benchmarks.gradbench;

import io.adjoint.autograd.Tensor;
import io.adjoint.autograd.transforms.JacobianMode;
import io.adjoint.autograd.transforms.Transforms;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * {@code ht}: hand tracking: the differences between measured points and points of a hand's surface, and their Jacobian. The surface's
 * vertices follow bones, which the angles in theta turn; a point is a vertex, or lies in a triangle at two coordinates of its own, us.
 */
@SuppressWarnings("ArrayRecordComponent") // nothing compares them
final class HtEval {
    private HtEval() {}

    private record Model(
            int[] parents,
            Tensor baseRelatives,
            Tensor inverseBaseAbsolutes,
            Tensor basePositions,
            Tensor weights,
            int[][] triangles,
            boolean isMirrored) {}

    private record Data(Model model, int[] correspondences, Tensor points) {}

    private record Input(Tensor theta, Data data, Tensor us) {
        /** The input with points and vertices along the last axis, since it is the longest. */
        Problem problem() {
            Model model = data.model();
            int[] all = data.correspondences();
            int[][] corners = {all};
            if (us.shape().size() > 0) {
                corners = new int[3][all.length];
                for (int point = 0; point < all.length; point++) {
                    for (int k = 0; k < 3; k++) {
                        corners[k][point] = model.triangles()[all[point]][k];
                    }
                }
            }
            return new Problem(
                    theta,
                    us.shape().size() > 0 ? us.transpose() : us,
                    model,
                    model.basePositions().transpose(),
                    model.weights().transpose().unsqueeze(1),
                    data.points().transpose(),
                    corners);
        }
    }

    /**
     * The prepared input.
     *
     * @param us [2, points], or empty
     * @param base [4, vertices]
     * @param weights of bones for vertices, [bones, 1, vertices]
     * @param points [3, points]
     * @param corners the vertices of each point's triangle, in three arrays, or the vertex of each point, in one
     */
    private record Problem(
            Tensor theta, Tensor us, Model model, Tensor base, Tensor weights, Tensor points, int[][] corners) {}

    static Eval<Problem> eval() {
        return Eval.of(Input.class, Input::problem)
                .function(
                        "objective",
                        in -> differences(in, vertices(in, in.theta()), in.us())
                                .transpose()
                                .flatten())
                .function("jacobian", HtEval::jacobian);
    }

    /** The Jacobian, [3·points, columns]: of a point's own two coordinates, if it has them, and of theta. */
    private static Tensor jacobian(Problem in) {
        Tensor ofTheta = Transforms.jacobian(
                theta -> differences(in, vertices(in, theta), in.us()), in.theta(), JacobianMode.COLUMNS);
        List<Tensor> columns = new ArrayList<>();
        if (in.corners().length == 3) {
            Tensor vertices = vertices(in, in.theta());
            for (int k = 0; k < 2; k++) {
                Tensor direction =
                        Tensor.eye(2).narrow(1, k, 1).expand(2, in.us().shape().dim(1));
                columns.add(Transforms.jvp(us -> differences(in, vertices, us), in.us(), direction)
                        .tangent()
                        .unsqueeze(2));
            }
        }
        columns.add(ofTheta);
        Tensor all = Tensor.concat(2, columns);
        return all.transpose(0, 1).reshape(-1, all.shape().dim(2));
    }

    /** Measured points minus points of the surface, [3, points]. */
    private static Tensor differences(Problem in, Tensor vertices, Tensor us) {
        Tensor first = vertices.indexSelect(1, in.corners()[0]);
        if (in.corners().length == 1) {
            return in.points().sub(first);
        }
        Tensor second = vertices.indexSelect(1, in.corners()[1]);
        Tensor third = vertices.indexSelect(1, in.corners()[2]);
        Tensor u = us.select(0, 0);
        Tensor v = us.select(0, 1);
        Tensor surface = first.mul(u).add(second.mul(v)).add(third.mul(u.add(v).rsub(1)));
        return in.points().sub(surface);
    }

    /** The vertices of the hand in a pose, [3, vertices]: theta has its rotation, its translation, and four angles of each finger. */
    private static Tensor vertices(Problem in, Tensor theta) {
        Tensor transforms = transforms(in.model(), angles(theta, in.model().parents().length));
        Tensor posed = transforms.matmul(in.base()).mul(in.weights()).sum(0);
        Tensor hand = in.model().isMirrored() ? posed.mul(Tensor.of(-1.0, 1, 1).unsqueeze(1)) : posed;
        return Rotations.about(theta.narrow(0, 0, 3).unsqueeze(1), hand)
                .add(theta.narrow(0, 3, 3).unsqueeze(1));
    }

    /**
     * The angles about the axes x, z and y of each bone, [3, bones]. A finger has four bones behind the wrist, bone 1: the first is turned
     * about x and z, the next two about x.
     */
    private static Tensor angles(Tensor theta, int bones) {
        int none = 26;
        int[] from = new int[3 * bones];
        Arrays.fill(from, none);
        for (int finger = 0; finger < 5; finger++) {
            int bone = 2 + 4 * finger;
            int angle = 6 + 4 * finger;
            from[bone] = angle;
            from[bones + bone] = angle + 1;
            from[bone + 1] = angle + 2;
            from[bone + 2] = angle + 3;
        }
        return Tensor.concat(0, theta, Tensor.zeros(1)).indexSelect(0, from).reshape(3, bones);
    }

    /** For each bone the first three rows of the matrix that takes its vertices from the pose at rest to the given one: [bones, 3, 4]. */
    private static Tensor transforms(Model model, Tensor angles) {
        Tensor base = model.baseRelatives();
        List<Tensor> relatives = Tensor.concat(2, base.narrow(2, 0, 3).matmul(rotations(angles)), base.narrow(2, 3, 1))
                .unbind(0);
        List<Tensor> absolutes = new ArrayList<>();
        for (int bone = 0; bone < relatives.size(); bone++) {
            int parent = model.parents()[bone];
            absolutes.add(
                    parent < 0 ? relatives.get(bone) : absolutes.get(parent).matmul(relatives.get(bone)));
        }
        return Tensor.stack(0, absolutes).matmul(model.inverseBaseAbsolutes()).narrow(1, 0, 3);
    }

    /** The rotation about x, then y, then z of each bone, [bones, 3, 3]. */
    private static Tensor rotations(Tensor angles) {
        List<Tensor> sin = angles.sin().unbind(0);
        List<Tensor> cos = angles.cos().unbind(0);
        Tensor sx = sin.get(0);
        Tensor sz = sin.get(1);
        Tensor sy = sin.get(2);
        Tensor cx = cos.get(0);
        Tensor cz = cos.get(1);
        Tensor cy = cos.get(2);
        return Tensor.stack(
                        1,
                        cy.mul(cz),
                        sx.mul(sy).mul(cz).sub(cx.mul(sz)),
                        cx.mul(sy).mul(cz).add(sx.mul(sz)),
                        cy.mul(sz),
                        sx.mul(sy).mul(sz).add(cx.mul(cz)),
                        cx.mul(sy).mul(sz).sub(sx.mul(cz)),
                        sy.neg(),
                        sx.mul(cy),
                        cx.mul(cy))
                .unflatten(1, 3, 3);
    }
}
