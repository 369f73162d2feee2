"""Checks what `nib convert` makes of a run for Keras: a .keras, a .weights.h5 and a .h5 answer the first test images in
real Keras as the run's test_predictions.csv has them. Needs keras with any backend and numpy. Exits with 1 where they
differ.
"""

import os
import pathlib
import sys
import tempfile

os.environ.setdefault("KERAS_BACKEND", "jax")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import exports

sys.path.pop(0)  # this folder, where "keras" would be another file
import keras


def models(options, folder):
    """The model of each file, with the file's ending."""
    for ending in (".keras", ".h5", ".weights.h5"):
        file = folder / f"digits{ending}"
        exports.nib(options, "convert", options.run, file)
        if ending == ".weights.h5":
            model = keras.models.clone_model(model)  # with new weights
            model.load_weights(file)
        else:
            model = keras.models.load_model(file, compile=False)
        yield ending, model


def main():
    options = exports.arguments(__doc__)
    images, expected = exports.test_images(options)[..., None], exports.run_probabilities(options)
    with tempfile.TemporaryDirectory() as folder:
        results = [
            exports.agree(f"Keras {keras.__version__}, {ending}", model.predict(images, 500, verbose=0), expected)
            for ending, model in models(options, pathlib.Path(folder))
        ]
    sys.exit(0 if all(results) else 1)


if __name__ == "__main__":
    main()
