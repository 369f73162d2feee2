"""What the checks of nib's exports share: a run, its first test images with nib's answers, and what nib converts."""

import argparse
import csv
import pathlib
import subprocess
import sys

import numpy

from mnist import read_mnist

TOLERANCE = 1e-5  # of a probability


def arguments(description, of_a_run=True):
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    if of_a_run:
        parser.add_argument("run", type=pathlib.Path, help="folder of a finished run on MNIST, such as runs/latest")
        parser.add_argument("--images", type=int, default=1000, help="how many test images (default 1000)")
    parser.add_argument("--nib", type=pathlib.Path, default=pathlib.Path("build/nib"), help="default build/nib")
    options = parser.parse_args()
    options.nib = options.nib.resolve()
    return options


def scaled(images):
    """(image, row, column), from 0 to 1."""
    return images.astype(numpy.float32) / numpy.float32(255)


def test_images(options):
    return scaled(read_mnist()[1][0][: options.images])


def nib(options, *words):
    subprocess.run([options.nib, *words], check=True, stdout=subprocess.DEVNULL)


def run_probabilities(options):
    """What the run's test_predictions.csv has of the first test images."""
    with open(options.run / "test_predictions.csv", newline="") as file:
        rows = [row for row, _ in zip(csv.DictReader(file), range(options.images))]
    if len(rows) != options.images:
        sys.exit(f"{options.run}: {len(rows)} predictions for {options.images} images")
    return numpy.array([[float(row[f"p{digit}"]) for digit in range(10)] for row in rows])


def agree(name, ours, theirs, tolerance=TOLERANCE):
    """Says how far probabilities are apart. Whether all classes are the same and no probability is further off."""
    differing = int((ours.argmax(axis=1) != theirs.argmax(axis=1)).sum())
    distance = float(numpy.abs(ours - theirs).max())
    print(f"{name}: {len(ours)} images: {differing} classes differ, probabilities by at most {distance:.1e}", flush=True)
    return differing == 0 and distance <= tolerance
