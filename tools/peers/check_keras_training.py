"""Checks that a training goes on from nib to Keras and back: its checkpoint, converted to a .keras, in real Keras, and a
.keras that Keras trained in nib. Both times the program that began goes on too and has the same losses. All images are
one batch here, so that no order of theirs counts. Needs keras with any backend and numpy. Exits with 1 where they differ.
"""

import csv
import os
import pathlib
import sys
import tempfile

os.environ.setdefault("KERAS_BACKEND", "jax")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import exports
from mnist import read_mnist

sys.path.pop(0)  # this folder, where "keras" would be another file
import keras
import numpy
from keras import layers

BATCH = 500  # images of a step, and of the training
STEPS = 5  # before the other program goes on, and behind that
LOSS_TOLERANCE = 2e-3
# nib's options, and what Keras has for them.
OPTIMIZERS = [
    ((), "Adam", {"learning_rate": 0.001}),
    (("--optimizer", "amsgrad", "--clip-norm", 0.5), "Adam", {"amsgrad": True, "global_clipnorm": 0.5}),
    (("--optimizer", "sgd"), "SGD", {}),
    (("--optimizer", "momentum", "--ema", 0.9), "SGD", {"momentum": 0.9, "use_ema": True, "ema_momentum": 0.9}),
    (("--optimizer", "nesterov"), "SGD", {"momentum": 0.9, "nesterov": True}),
    (("--optimizer", "rmsprop"), "RMSprop", {}),
]
TRAINING = ("--limit", BATCH, "--batch", BATCH, "--validation-split", 0, "--no-pictures", "--quiet")


def digits(optimizer):
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(32, (3, 3), activation="relu"),
            layers.MaxPooling2D((2, 2)),
            layers.Conv2D(64, (3, 3), activation="relu"),
            layers.MaxPooling2D((2, 2)),
            layers.Flatten(),
            layers.Dense(128, activation="relu"),
            layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile(optimizer=optimizer, loss="categorical_crossentropy", metrics=["accuracy"])
    return model


def train_in_keras(model):
    """The loss of each step, before its update."""
    images, labels = read_mnist()[0]
    images, labels = exports.scaled(images[:BATCH])[..., None], keras.utils.to_categorical(labels[:BATCH], 10)
    losses = []
    for _ in range(STEPS):
        losses.append(float(model.train_on_batch(images, labels)[0]))
        model.reset_metrics()
    return losses


def train_in_nib(options, run, epochs, *words):
    """The losses of the run's last steps."""
    exports.nib(options, "train", *(str(word) for word in (*TRAINING, "--epochs", epochs, *words)))
    with open(run / "history.csv", newline="") as file:
        return [float(row["loss"]) for row in csv.DictReader(file)][-STEPS:]


def agree(name, in_keras, in_nib):
    distance = float(numpy.abs(numpy.subtract(in_keras, in_nib)).max())
    sides = f"losses of {STEPS} steps, {in_keras[0]:.4f} to {in_keras[-1]:.4f}"
    print(f"{name}: {sides}: differ by at most {distance:.1e}", flush=True)
    return in_keras[-1] < in_keras[0] and distance <= LOSS_TOLERANCE


def goes_on_in_keras(options, folder, words, kind, settings):
    run, file = folder / "begun", folder / "begun.keras"
    train_in_nib(options, run, STEPS, "--out", run, *words)
    exports.nib(options, "convert", run / "checkpoint.safetensors", file)
    model = keras.models.load_model(file)
    in_keras, steps_before = train_in_keras(model), int(model.optimizer.iterations) - STEPS
    in_nib = train_in_nib(options, run, 2 * STEPS, "--resume", run)
    name = " ".join(str(word) for word in words) or "adam"
    same_class = type(model.optimizer).__name__ == kind
    return agree(f"{name}: begun in nib, gone on in Keras", in_keras, in_nib) and steps_before == STEPS and same_class


def goes_on_in_nib(options, folder, words, kind, settings):
    run, file = folder / "gone-on", folder / "begun-in-keras.keras"
    keras.utils.set_random_seed(0)
    model = digits(getattr(keras.optimizers, kind)(**settings))
    train_in_keras(model)
    model.save(file)
    in_nib = train_in_nib(options, run, STEPS, "--resume", file, "--out", run)
    name = " ".join(str(word) for word in words) or "adam"
    return agree(f"{name}: begun in Keras, gone on in nib", train_in_keras(model), in_nib)


def main():
    options = exports.arguments(__doc__, of_a_run=False)
    results = []
    for case in OPTIMIZERS:
        for check in (goes_on_in_keras, goes_on_in_nib):
            with tempfile.TemporaryDirectory() as folder:
                results.append(check(options, pathlib.Path(folder), *case))
    sys.exit(0 if all(results) else 1)


if __name__ == "__main__":
    main()
