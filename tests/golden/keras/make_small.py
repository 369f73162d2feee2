#!/usr/bin/env python3
"""Makes the files of small/ with real Keras (3.15.1 on TensorFlow 2.21): make_small.py TRAIN-IMAGES.gz TRAIN-LABELS.gz

A small network is trained for 300 steps and saved as .keras (with a .weights.h5 in it) and as legacy .h5; 20 more steps are
recorded.
"""

import gzip
import json
import pathlib
import sys
import zipfile

import keras
import numpy as np

keras.utils.set_random_seed(8)
folder = pathlib.Path(__file__).parent / "small"
images = np.frombuffer(gzip.open(sys.argv[1]).read(), np.uint8, offset=16).reshape(-1, 28, 28, 1).astype("float32") / 255
labels = np.frombuffer(gzip.open(sys.argv[2]).read(), np.uint8, offset=8)
one_hot = keras.utils.to_categorical(labels, 10)

layers = keras.layers
model = keras.Sequential([
    keras.Input((28, 28, 1)),
    layers.Conv2D(3, 3, activation="relu"),
    layers.MaxPooling2D(2),
    layers.Conv2D(4, 3, strides=2),
    layers.Activation("relu"),
    layers.MaxPooling2D(2),
    layers.Flatten(),
    layers.Dense(8, activation="relu", name="hidden"),
    layers.Dropout(0.0),
    layers.Dense(10, activation="softmax"),
])
model.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
BATCH, BEFORE = 128, 300


def train(first, last):
    losses = []
    for step in range(first, last):
        rows = slice(step * BATCH, (step + 1) * BATCH)
        losses.append(float(model.train_on_batch(images[rows], one_hot[rows], return_dict=True)["loss"]))
        model.reset_metrics()
    return losses


train(0, BEFORE)
model.save(folder / "small.keras")
model.save(folder / "small.h5")
with zipfile.ZipFile(folder / "small.keras") as archive:
    entries = [(name, archive.read(name)) for name in archive.namelist()]


def pack(name, contents):
    """Deflated: Keras itself stores, which takes five times as much."""
    with zipfile.ZipFile(folder / name, "w") as packed:
        for entry, content in contents:
            packed.writestr(zipfile.ZipInfo(entry), content, zipfile.ZIP_DEFLATED)


pack("small.keras", entries)
pack("small.h5.zip", [("small.h5", (folder / "small.h5").read_bytes())])
(folder / "small.h5").unlink()
probabilities = model.predict(images[:4], verbose=0)
losses = train(BEFORE, BEFORE + 20)
norms = [float(np.linalg.norm(value.astype("float64"))) for value in model.get_weights()]
(folder / "steps.json").write_text(json.dumps({
    "batch": BATCH,
    "first_image": BEFORE * BATCH,
    "losses": losses,
    "norms_after": norms,
    "probabilities": [[float(value) for value in row] for row in probabilities],
}, indent=1) + "\n")
