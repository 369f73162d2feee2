"""Checks a run of nib without nib: reads its model.safetensors with Python's safetensors package, computes the first
test images' classes in NumPy and compares them with the run's test_predictions.csv. Exits with 1 where they differ.
"""

import sys

import numpy
from safetensors.numpy import load_file

import exports

PROBABILITY_TOLERANCE = 1e-4  # float32 sums in another order, behind the softmax


def convolution_relu(images, weight, bias):
    """Images (n, channel, row, column), weight (out, in, row, column): all patches as the rows of one matrix."""
    windows = numpy.lib.stride_tricks.sliding_window_view(images, weight.shape[2:], axis=(2, 3))
    patches = windows.transpose(0, 2, 3, 1, 4, 5).reshape(-1, weight[0].size)
    outputs = numpy.maximum(patches @ weight.reshape(len(weight), -1).T + bias, 0)
    return outputs.reshape(len(images), *windows.shape[2:4], len(weight)).transpose(0, 3, 1, 2)


def max_pool(images):
    """2x2 windows; an odd last row or column is dropped."""
    count, channels, rows, columns = images.shape
    even = images[:, :, : rows // 2 * 2, : columns // 2 * 2]
    return even.reshape(count, channels, rows // 2, 2, columns // 2, 2).max(axis=(3, 5))


def probabilities(images, tensors):
    flow = max_pool(convolution_relu(images[:, None], tensors["conv1.weight"], tensors["conv1.bias"]))
    flow = max_pool(convolution_relu(flow, tensors["conv2.weight"], tensors["conv2.bias"]))
    flow = flow.reshape(len(flow), -1)
    flow = numpy.maximum(flow @ tensors["fc1.weight"].T + tensors["fc1.bias"], 0)
    logits = flow @ tensors["fc2.weight"].T + tensors["fc2.bias"]
    powers = numpy.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def main():
    options = exports.arguments(__doc__)
    ours = probabilities(exports.test_images(options), load_file(options.run / "model.safetensors"))
    agreed = exports.agree("NumPy, .safetensors", ours, exports.run_probabilities(options), PROBABILITY_TOLERANCE)
    sys.exit(0 if agreed else 1)


if __name__ == "__main__":
    main()
