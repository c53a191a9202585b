"""Writes the files in this folder, with NumPy, PyTorch and safetensors, and in expected.txt what is in them.

A line there is the file, the name, the dtype and the shape as Adjoint reads it, and the elements: integers, and floats by their bits.
"""
import json

import numpy as np
import torch
from safetensors.torch import save_file

lines = []


def expect(file, name, array):
    kind = array.dtype.kind
    if kind == "f":
        wide = array.astype("=f8") if array.dtype.itemsize == 8 else array.astype("=f4")
        dtype = "FLOAT%d" % (wide.itemsize * 8)
        numbers = np.frombuffer(wide.tobytes(), "=u%d" % wide.itemsize)
    else:
        dtype, numbers = "BOOL" if kind == "b" else "INT32", array.astype("=i8").ravel()
    shape = ",".join(map(str, array.shape))
    lines.append("\t".join([file, name, dtype, shape, " ".join(str(int(n)) for n in numbers)]))


def floats(size):
    """Among them −0, the smallest and the largest numbers, infinities, NaN."""
    limits = np.finfo("f%d" % size)
    values = [0.0, -0.0, 1 / 3, -2.5, limits.tiny, limits.smallest_subnormal, limits.max, np.inf, -np.inf, np.nan, 3, 4]
    return np.array(values, "f%d" % size).reshape(3, 4)


def integers(code):
    limits = np.iinfo(code)
    low, high = max(limits.min, -(2**31)), min(limits.max, 2**31 - 1)
    return np.array([0, 1, 2, low, high, 100], code).reshape(2, 3)


arrays = {"": np.arange(3, dtype="i4"), "x.npy": np.int32(7), "a/b": np.eye(2), "größe '\"\\": np.array([True, False]), "scalar": np.float32(1.5)}
arrays["empty"] = np.zeros((2, 0, 3))
for code in ["f8", "f4", "f2", "i8", "i4", "i2", "i1", "u8", "u4", "u2", "u1", "b1"]:
    array = floats(int(code[1])) if code[0] == "f" else np.array([[True], [False]]) if code == "b1" else integers(code)
    for order in "<>" if code[1] != "1" else "|":
        swapped = array.astype(order + code)
        arrays[order + code] = swapped
        arrays[order + code + " fortran"] = np.asfortranarray(swapped)
cube = np.arange(24, dtype="f8").reshape(2, 3, 4)
arrays["cube"] = cube
arrays["cube fortran"] = np.asfortranarray(cube)
for file, save in [("stored.npz", np.savez), ("deflated.npz", np.savez_compressed)]:
    save(file, **arrays)
    for name, array in arrays.items():
        expect(file, name, np.asarray(array))

for version in [1, 2, 3]:
    file = "version%d.npy" % version
    with open(file, "wb") as out:
        np.lib.format.write_array(out, cube, (version, 0))
    expect(file, "", cube)

tensors = {name: torch.from_numpy(np.array(array)) for name, array in [
    ("float64", floats(8)), ("float32", floats(4)), ("float16", floats(2)), ("int64", integers("i8")), ("int32", integers("i4")),
    ("int16", integers("i2")), ("int8", integers("i1")), ("uint8", integers("u1")), ("bool", np.array([[True], [False]])),
    ("scalar", np.array(1.5, "f4")), ("empty", np.zeros((2, 0, 3))), ("größe '\"\\\n", np.arange(3, dtype="i4")),
]}
for name, tensor in tensors.items():
    if "\n" not in name:
        expect("torch.safetensors", name, tensor.numpy())
tensors["bfloat16"] = torch.tensor(floats(4)).to(torch.bfloat16)
expect("torch.safetensors", "bfloat16", tensors["bfloat16"].to(torch.float32).numpy())
save_file(tensors, "torch.safetensors", metadata={"format": "pt", "made by": "größe \"\\\n"})

layer = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.Linear(3, 1))
state = {name: torch.arange(p.numel(), dtype=p.dtype).reshape(p.shape).contiguous() for name, p in layer.state_dict().items()}
shards = {"model-00001-of-00002.safetensors": ["0.weight", "1.bias"], "model-00002-of-00002.safetensors": ["0.bias", "1.weight"]}
for file, names in shards.items():
    save_file({name: state[name] for name in names}, file, metadata={"format": "pt"})
    for name in names:
        expect("model.safetensors.index.json", name, state[name].numpy())
with open("model.safetensors.index.json", "w") as out:
    weight_map = {name: file for file, names in shards.items() for name in names}
    json.dump({"metadata": {"total_size": sum(4 * t.numel() for t in state.values())}, "weight_map": weight_map}, out, indent=2)

with open("expected.txt", "w", encoding="utf-8") as out:
    out.write("\n".join(lines) + "\n")
