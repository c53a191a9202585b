"""Reads the files in a folder with NumPy and safetensors, and compares with its expected.txt, whose form files.py has."""
import pathlib
import sys

import numpy as np
from safetensors.numpy import load_file

folder = pathlib.Path(sys.argv[1])
files, count = {}, 0
for line in (folder / "expected.txt").read_text(encoding="utf-8").split("\n")[:-1]:
    file, name, dtype, shape, elements = line.split("\t")
    name = name.replace("\\n", "\n").replace("\\t", "\t")
    if file not in files:
        files[file] = dict(np.load(folder / file) if file.endswith("npz") else load_file(folder / file))
    array = files[file].pop(name)
    assert array.dtype == {"FLOAT64": "f8", "FLOAT32": "f4", "INT32": "i4", "BOOL": "b1"}[dtype], line
    assert array.shape == tuple(map(int, filter(None, shape.split(",")))), line
    bits = {"FLOAT64": "u8", "FLOAT32": "u4", "INT32": "i4", "BOOL": "u1"}[dtype]
    assert np.frombuffer(array.tobytes(), bits).tolist() == list(map(int, elements.split())), line
    count += 1
assert not any(files.values())
print(count, "arrays are right")
