"""The bundled MNIST files as NumPy arrays."""

import gzip
import os
import pathlib

import numpy

# As for the tests, the data may be told to be elsewhere than in this project: so tools/bundle lays them out.
DATA = os.environ.get("NIB_DATA_SOURCE") or pathlib.Path(__file__).resolve().parents[2] / "data"
FOLDER = pathlib.Path(DATA) / "mnist"


def read_idx(path):
    """Images as (image, row, column), labels as (image,), both uint8."""
    with gzip.open(path) as file:
        content = file.read()
    dimensions = content[3]
    shape = numpy.frombuffer(content, ">u4", dimensions, 4)
    return numpy.frombuffer(content, numpy.uint8, offset=4 + 4 * dimensions).reshape(shape)


def read_mnist():
    """((training images, labels), (test images, labels)), as keras.datasets.mnist.load_data() returns them."""
    return tuple(
        (read_idx(FOLDER / f"{part}-images-idx3-ubyte.gz"), read_idx(FOLDER / f"{part}-labels-idx1-ubyte.gz"))
        for part in ("train", "t10k")
    )
