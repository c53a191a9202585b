(import '(io.adjoint.autograd Autograd Tensor)
        '(io.adjoint.core Generator)
        '(io.adjoint.nn Layer Sequential)
        '(io.adjoint.nn.layer Dense Tanh)
        '(io.adjoint.nn.loss CrossEntropy)
        '(io.adjoint.nn.optim Adam)
        '(java.util.function Supplier))

(def x (Tensor/of (into-array (map double-array [[0 0] [0 1] [1 0] [1 1]]))))
(def y (Tensor/of (int-array [0 1 1 0])))

(def random (Generator. 1))
(def model (Sequential. (into-array Layer [(Dense. 2 8 random) (Tanh.) (Dense. 8 2 random)])))
(def cross-entropy (CrossEntropy.))
(def optimizer (Adam. (.parameters model) 0.05))
(dotimes [_ 200]
  (.zeroGrad optimizer)
  (.backward (.forward cross-entropy (.forward model x) y))
  (.step optimizer))

(def logits (Autograd/noGrad (reify Supplier (get [_] (.forward model x)))))
(assert (not (.requiresGrad logits)))
(def answers (vec (.. logits (argMax 1) data toIntArray)))
(assert (= [0 1 1 0] answers) (str "Clojure learned " answers))
