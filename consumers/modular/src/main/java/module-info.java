module demo {
    requires io.adjoint.autograd;
    requires io.adjoint.core;
    requires io.adjoint.nn;
}
