#!/usr/bin/env python3
"""Converts a Keras 3 .weights.h5 file to safetensors with PyTorch's names and layouts.

    convert_keras_weights.py IN.weights.h5 OUT.safetensors

For sequential networks of Conv2D layers, one Flatten over a square image, and Dense layers. Needs the Python
packages h5py, numpy and safetensors.
"""

import math
import sys

import h5py
import numpy as np
from safetensors.numpy import save_file


def layers_of_kind(file, kind):
    """The (kernel, bias) pairs of KIND, KIND_1, KIND_2 ... in the order of the layers."""
    pairs = []
    while True:
        name = f"layers/{kind}_{len(pairs)}/vars" if pairs else f"layers/{kind}/vars"
        if name not in file:
            return pairs
        pairs.append((file[name]["0"][()].astype(np.float32), file[name]["1"][()].astype(np.float32)))


def convolution_weight(kernel):
    """Keras (height, width, in, out) -> PyTorch (out, in, height, width)."""
    return kernel.transpose(3, 2, 0, 1)


def dense_weight(kernel):
    """Keras (in, out) -> PyTorch (out, in)."""
    return kernel.T


def dense_weight_behind_flatten(kernel, channels):
    """As dense_weight, with the inputs reordered: Keras flattens (row, column, channel), PyTorch (channel, row,
    column). The shapes are equal either way, so that a file without this step loads and is merely wrong."""
    inputs, outputs = kernel.shape
    side = math.isqrt(inputs // channels)
    if side * side * channels != inputs:
        raise SystemExit(f"dense kernel with {inputs} rows does not follow a square image of {channels} channels")
    return kernel.reshape(side, side, channels, outputs).transpose(3, 2, 0, 1).reshape(outputs, inputs)


def convert(file):
    convolutions, denses = layers_of_kind(file, "conv2d"), layers_of_kind(file, "dense")
    if not denses:
        raise SystemExit("no dense layer in the file")
    tensors = {}
    for number, (kernel, bias) in enumerate(convolutions, start=1):
        tensors[f"conv{number}.weight"] = convolution_weight(kernel)
        tensors[f"conv{number}.bias"] = bias
    for number, (kernel, bias) in enumerate(denses, start=1):
        if number == 1 and convolutions:
            channels = len(convolutions[-1][1])
            tensors[f"fc{number}.weight"] = dense_weight_behind_flatten(kernel, channels)
        else:
            tensors[f"fc{number}.weight"] = dense_weight(kernel)
        tensors[f"fc{number}.bias"] = bias
    # save_file writes the memory as it lies: a transposed view would come out untransposed.
    return {name: np.ascontiguousarray(tensor) for name, tensor in tensors.items()}


def main():
    if len(sys.argv) != 3:
        raise SystemExit(__doc__.strip())
    with h5py.File(sys.argv[1], "r") as file:
        save_file(convert(file), sys.argv[2], metadata={"format": "pt"})


if __name__ == "__main__":
    main()
