"""What the peers share: options, the bundled data, and the timing of a training run, epoch by epoch."""

import argparse
import json
import pathlib
import platform
import sys
import time

import numpy

from mnist import read_mnist
from on_request import name_of_epoch, next_request, tell
from process_age import process_age

TRAINING_IMAGES = 54000  # of 60,000, as validation_split=0.1 leaves in Keras
LEARNING_RATE, BETA1, BETA2, EPSILON = 1e-3, 0.9, 0.999, 1e-7  # Adam as Keras has it


def arguments(description, variants, choices=()):
    """`choices`: options of one peer alone, each with its values, the default first."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--device", default="cuda", help="cpu, cuda or cuda:N (default cuda)")
    parser.add_argument("--precision", choices=("fp32", "tf32"), default="tf32", help="of convolutions and products")
    parser.add_argument("--variant", choices=variants, default=variants[0])
    for option, values in choices:
        parser.add_argument(option, choices=values, default=values[0], help=f"default {values[0]}")
    parser.add_argument("--epochs", type=int, default=10, help="epochs that count, behind one that does not")
    parser.add_argument("--on-request", action="store_true", help="begin each epoch when a line comes")
    parser.add_argument("--threads", type=int, help="on the CPU, where the program asks (default: its own)")
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--limit", type=int, default=TRAINING_IMAGES, help="train on this many images only")
    parser.add_argument("--json", type=pathlib.Path, help="write the document here instead of on stdout")
    options = parser.parse_args()
    if options.epochs < 1 or options.batch < 1 or not 1 <= options.limit <= TRAINING_IMAGES:
        parser.error(f"at least 1 epoch, 1 image a batch, and 1 to {TRAINING_IMAGES} images")
    return options


def batches(options):
    """How many whole batches an epoch has, and how many images its last, smaller one (0: none)."""
    return divmod(options.limit, options.batch)


def training_data(options):
    """Images (image, row, column) and labels, both uint8."""
    images, labels = read_mnist()[0]
    return images[: options.limit], labels[: options.limit]


def test_data():
    return read_mnist()[1]


def measure(options, peer, versions):
    """Trains and tests a peer, and writes the document, whose names are those of `nib bench --json`.

    peer.train(order) trains one epoch over the images in this order and returns the summed loss and the number of
    correct answers, for which it waits for the device, once. peer.test() returns the number of correct test images.
    """
    shuffle = numpy.random.default_rng(options.seed)
    start_up = process_age()
    seconds, history = [], {"accuracy": [], "loss": []}
    for epoch in range(1 + options.epochs):
        if not next_request(options.on_request):
            break
        order = shuffle.permutation(options.limit).astype("int32")
        begin = time.perf_counter()
        loss, correct = peer.train(order)
        seconds.append(time.perf_counter() - begin)
        tell(name_of_epoch(epoch), seconds[-1])
        history["loss"].append(loss / options.limit)
        history["accuracy"].append(correct / options.limit)
    document = {
        "versions": {"python": platform.python_version(), "numpy": numpy.__version__, **versions},
        "device": peer.device_name,
        "variant": options.variant,
        "threads": options.threads,
        "precision": options.precision,
        "batch": options.batch,
        "images": options.limit,
        "seed": options.seed,
        "warm_up_seconds": seconds[0],
        "training_seconds": seconds[1:],
        "start_up_seconds": start_up,
        "history": history,
        "test_accuracy": peer.test() / len(test_data()[1]),
    }
    with open(options.json, "w") if options.json else sys.stdout as file:
        json.dump(document, file, indent=2)
        file.write("\n")
