"""The notebook's training as a user of Keras writes it, timed epoch by epoch.

Reads the bundled MNIST files, trains, and prints one JSON document on stdout; what Keras prints goes to stderr.
An epoch's training time runs from its begin to the end of its last batch; validation and start-up (everything from
the start of the process to the first epoch) are kept apart. One epoch, in which the graph is traced, goes before those
that count. The names in the document are those of `nib bench --json`.
"""

import argparse
import contextlib
import json
import os
import platform
import resource
import sys
import time

from on_request import name_of_epoch, next_request, tell
from process_age import process_age

VARIANTS = {
    "plain": {},
    "steps32": {"steps_per_execution": 32},
    "jit": {"jit_compile": True},
}


def seed(text):
    return None if text == "none" else int(text)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--epochs", type=int, default=3, help="epochs that count, behind one that does not")
    parser.add_argument("--variant", choices=VARIANTS, default="plain")
    parser.add_argument("--on-request", action="store_true", help="begin each epoch when a line comes")
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--seed", type=seed, default=0, help="a number, or none for new weights and orders each time")
    return parser.parse_args()


def main():
    options = arguments()
    os.environ["OMP_NUM_THREADS"] = str(options.threads)  # read when TensorFlow is loaded
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

    from mnist import read_mnist

    sys.path.pop(0)  # this folder, where "keras" would be this very file
    import keras
    import numpy
    import tensorflow
    from keras import layers

    tensorflow.config.threading.set_intra_op_parallelism_threads(options.threads)
    tensorflow.config.threading.set_inter_op_parallelism_threads(options.threads)
    # With a seed, Keras on TensorFlow trains in one and the same order in every epoch; without, in a new one each.
    if options.seed is not None:
        keras.utils.set_random_seed(options.seed)

    class EpochTimes(keras.callbacks.Callback):
        def __init__(self):
            super().__init__()
            self.start_up = None
            self.training, self.validation = [], []

        def on_epoch_begin(self, epoch, logs=None):
            if self.start_up is None:
                self.start_up = process_age()
            self.epoch_begin = time.perf_counter()

        def on_train_batch_end(self, batch, logs=None):
            self.last_batch_end = time.perf_counter()

        def on_test_begin(self, logs=None):
            self.test_begin = time.perf_counter()

        def on_test_end(self, logs=None):
            self.validation.append(time.perf_counter() - self.test_begin)

        def on_epoch_end(self, epoch, logs=None):
            self.training.append(self.last_batch_end - self.epoch_begin)
            tell(name_of_epoch(epoch), self.training[-1])
            if epoch < options.epochs and not next_request(options.on_request):
                self.model.stop_training = True

    (x_train, y_train), (x_test, y_test) = read_mnist()
    x_train = x_train.astype("float32") / 255
    x_test = x_test.astype("float32") / 255
    x_train = x_train.reshape(-1, 28, 28, 1)
    x_test = x_test.reshape(-1, 28, 28, 1)
    y_train = keras.utils.to_categorical(y_train, 10)
    y_test = keras.utils.to_categorical(y_test, 10)

    model = keras.Sequential(
        [
            keras.Input(shape=(28, 28, 1)),
            layers.Conv2D(32, (3, 3), activation="relu"),
            layers.MaxPooling2D((2, 2)),
            layers.Conv2D(64, (3, 3), activation="relu"),
            layers.MaxPooling2D((2, 2)),
            layers.Flatten(),
            layers.Dense(128, activation="relu"),
            layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile("adam", "categorical_crossentropy", metrics=["accuracy"], **VARIANTS[options.variant])
    times = EpochTimes()
    epochs = 1 + options.epochs
    next_request(options.on_request)
    with contextlib.redirect_stdout(sys.stderr):
        history = model.fit(
            x_train, y_train, epochs=epochs, batch_size=options.batch, validation_split=0.1, callbacks=[times]
        )
        loss, accuracy = model.evaluate(x_test, y_test, verbose=0)

    json.dump(
        {
            "versions": {
                "python": platform.python_version(),
                "keras": keras.__version__,
                "tensorflow": tensorflow.__version__,
                "numpy": numpy.__version__,
            },
            "variant": options.variant,
            "threads": options.threads,
            "batch": options.batch,
            "seed": options.seed,
            "warm_up_seconds": times.training[0],
            "training_seconds": times.training[1:],
            "validation_seconds": times.validation[1:],
            "start_up_seconds": times.start_up,
            "peak_memory_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
            "history": {name: [float(value) for value in values] for name, values in history.history.items()},
            "test_accuracy": float(accuracy),
            "test_loss": float(loss),
        },
        sys.stdout,
        indent=2,
    )
    print()


if __name__ == "__main__":
    main()
