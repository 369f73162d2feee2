#!/usr/bin/env python3
"""Makes the files of attacks/ with h5py 3.16: HDF5 files that harm a reader who believes them.

Each is a .weights.h5 for images of 2x2 and two classes with one thing wrong.
"""

import pathlib

import h5py
import numpy as np

folder = pathlib.Path(__file__).parent / "attacks"
KERNEL, BIAS = "layers/dense/vars/0", "layers/dense/vars/1"
kernel = np.arange(8, dtype="f4").reshape(4, 2)
bias = np.array([0.5, -0.5], "f4")


def attack(name, change, **options):
    with h5py.File(folder / f"{name}.h5", "w", **options) as file:
        file[KERNEL], file[BIAS] = kernel, bias
        change(file)


def replaced(**arguments):
    def change(file):
        del file[KERNEL]
        file.create_dataset(KERNEL, **arguments)
    return change


def virtual(file):
    del file[KERNEL]
    layout = h5py.VirtualLayout((4, 2), "f4")
    layout[:] = h5py.VirtualSource("/etc/hostname", "x", (4, 2))
    file.create_virtual_dataset(KERNEL, layout)


def linked(link):
    def change(file):
        del file[KERNEL]
        file[KERNEL] = link
    return change


def loop(file):
    file["layers/dense/loop"] = file["layers"]


def second_name(file):
    file["layers/dense/vars/2"] = file[KERNEL]


def deep(file):
    file.create_group("/".join("abcdefghij"))


def named_type(file):
    file["layers/type"] = np.dtype("f4")


def enumeration():
    return h5py.enum_dtype({"A": 0, "B": 1})


attack("whole", lambda file: None)
attack("newest", lambda file: None, libver="latest")
attack("gzip", replaced(data=kernel, compression="gzip"))
attack("double", replaced(data=kernel.astype("f8")))
attack("half", replaced(data=kernel.astype("f2")))
attack("big_endian", replaced(data=kernel.astype(">f4")))
attack("nan", replaced(data=np.where(kernel == 3, np.nan, kernel)))
attack("soft_link", linked(h5py.SoftLink("/layers/dense/vars/1")))
attack("external_link", linked(h5py.ExternalLink("/etc/passwd", "/x")))
attack("external_storage", replaced(shape=(4, 2), dtype="f4", external=[("/etc/passwd", 0, 32)]))
attack("virtual", virtual)
attack("lzf", replaced(data=kernel, compression="lzf"))
attack("shuffle", replaced(data=kernel, compression="gzip", shuffle=True))
attack("checksum", replaced(data=kernel, fletcher32=True))
attack("shape_bomb", replaced(shape=(1 << 15, 1 << 12), dtype="f4"))
attack("never_written", replaced(shape=(1 << 20, 2), dtype="f4", chunks=(1 << 10, 2)))
attack("overflow", replaced(shape=(1 << 62, 4), dtype="f4", chunks=(1, 1)))
attack("empty", replaced(shape=(0, 2), dtype="f4"))
attack("null", replaced(data=h5py.Empty("f4")))
attack("loop", loop)
attack("second_name", second_name)
attack("deep", deep)
attack("named_type", named_type)
attack("compound", replaced(data=np.zeros(2, [("a", "f4"), ("b", "i4")])))
attack("enumeration", replaced(data=np.zeros(2, "i4"), dtype=enumeration()))
attack("variable_text", replaced(data=["a", "b"], dtype=h5py.string_dtype()))
attack("reference", replaced(shape=(2,), dtype=h5py.ref_dtype))
attack("many_whole", replaced(data=np.zeros((4, 8), "i8")))
attack("wrong_shape", replaced(data=kernel.T))
attack("missing", lambda file: file.__delitem__(BIAS))
attack("extra", lambda file: file.create_dataset("layers/dense_1/vars/0", data=kernel))
