"""Exports a small network from Keras, which has tf2onnx do it, with what it answers to the images of models.py."""

import keras
import numpy
from keras import layers

import models

keras.utils.set_random_seed(2)
model = keras.Sequential(
    [
        keras.Input((models.SIDE, models.SIDE, 1)),
        layers.Conv2D(3, 3, activation="relu"),
        layers.MaxPooling2D(2),
        layers.Conv2D(4, 3, strides=2, padding="same", activation="relu"),
        layers.Flatten(),
        layers.Dropout(0.5),
        layers.Dense(8, activation="relu"),
        layers.Dense(models.CLASSES, activation="softmax"),
    ]
)
for layer in model.layers:  # biases that are not zero
    layer.set_weights([values + numpy.random.uniform(-0.1, 0.1, values.shape) for values in layer.get_weights()])
pixels = models.images()[..., None].astype("float32") / 255
models.write_answers("keras", model.predict(pixels, verbose=0))
model.export(models.FOLDER / "keras.onnx", format="onnx", verbose=False)
