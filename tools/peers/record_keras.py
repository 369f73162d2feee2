"""Trains some steps with Keras on TensorFlow and records them, for `nib verify --against OUT`.

Needs what requirements.txt names. In float64 Keras's rounding is far below that of an engine in float32, so that what
differs is the engine's.
"""

import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import recording as recordings

sys.path.pop(0)  # this folder, where "keras" would be another file
import keras
import numpy
import tensorflow
from keras import layers


def build(recording, l2=None):
    """The model, and of each layer with parameters its name and the shape that Flatten takes for it, if any. With `l2` the
    kernels of all of them are penalized."""
    penalty = None if l2 is None else keras.regularizers.L2(l2)
    model, named, before_flatten = keras.Sequential([keras.Input(recording.network["input"])]), [], None
    for layer, name, shape in recording.layers():
        activation = None if layer.get("activation") in (None, "none") else layer["activation"]
        if layer["type"] == "convolution":
            built = layers.Conv2D(
                layer["filters"],
                layer["kernel"],
                layer["stride"],
                layer["padding"],
                activation=activation,
                kernel_regularizer=penalty,
            )
        elif layer["type"] == "max_pool":
            built = layers.MaxPooling2D(layer["size"], layer["stride"])
        elif layer["type"] == "average_pool":
            built = layers.AveragePooling2D(layer["size"], layer["stride"])
        elif layer["type"] == "global_average_pool":
            built = layers.GlobalAveragePooling2D()
        elif layer["type"] == "flatten":
            built, before_flatten = layers.Flatten(), shape
        else:
            built = layers.Dense(layer["units"], activation=activation, kernel_regularizer=penalty)
        model.add(built)
        if name is not None:
            named.append((name, built, before_flatten))
        if layer["type"] == "dense":
            before_flatten = None
    return model, named


def to_keras(kernel, image):
    """(out, in, row, column) to (row, column, in, out); (out, in) to (in, out), inputs as Keras flattens the image."""
    if kernel.ndim == 4:
        return kernel.transpose(2, 3, 1, 0)
    if image is None:
        return kernel.T
    height, width, channels = image
    return kernel.reshape(-1, channels, height, width).transpose(2, 3, 1, 0).reshape(kernel.T.shape)


def from_keras(kernel, image):
    if kernel.ndim == 4:
        return kernel.transpose(3, 2, 0, 1)
    if image is None:
        return kernel.T
    return kernel.reshape(*image, -1).transpose(3, 2, 0, 1).reshape(kernel.T.shape)


def train(recording, initial):
    keras.utils.clear_session()
    keras.config.set_floatx("float64")
    model, named = build(recording)
    for name, layer, image in named:
        kernel = to_keras(initial[f"{name}.weight"], image)
        layer.set_weights([kernel, initial[f"{name}.bias"]])
    adam = keras.optimizers.Adam(
        recording.learning_rates[0], recordings.BETA1, recordings.BETA2, recordings.EPSILON
    )
    model.compile(optimizer=adam, loss=keras.losses.CategoricalCrossentropy(label_smoothing=recording.label_smoothing))
    losses = []
    for rate, (images, labels) in zip(recording.learning_rates, recording.batches()):
        adam.learning_rate = rate
        losses.append(float(model.train_on_batch(images[..., None], keras.utils.to_categorical(labels, 10))))
        model.reset_metrics()
    final = {}
    for name, layer, image in named:
        kernel, bias = layer.get_weights()
        final[f"{name}.weight"], final[f"{name}.bias"] = from_keras(kernel, image), bias
    return f"Keras {keras.__version__} on TensorFlow {tensorflow.__version__}", losses, final


if __name__ == "__main__":
    recordings.record(__doc__, train)
