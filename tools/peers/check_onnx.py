"""Checks what `nib convert` makes of a run for ONNX: onnx's checker takes it, and onnxruntime answers the first test
images as the run's test_predictions.csv has them. Needs numpy, onnx and onnxruntime. Exits with 1 where they differ.
"""

import argparse
import csv
import pathlib
import subprocess
import sys
import tempfile

import numpy
import onnx
import onnxruntime

from mnist import read_mnist

PROBABILITY_TOLERANCE = 1e-5


def session_of(run, nib):
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "model.onnx"
        subprocess.run([nib, "convert", run, file], check=True, stdout=subprocess.DEVNULL)
        onnx.checker.check_model(onnx.load(file), full_check=True)
        return onnxruntime.InferenceSession(file.read_bytes(), providers=["CPUExecutionProvider"])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", type=pathlib.Path, help="folder of a finished run on MNIST, such as runs/latest")
    parser.add_argument("--images", type=int, default=1000, help="how many test images (default 1000)")
    parser.add_argument("--nib", type=pathlib.Path, default=pathlib.Path("build/nib"), help="default build/nib")
    options = parser.parse_args()

    images = read_mnist()[1][0][: options.images]
    pixels = images[:, None].astype(numpy.float32) / numpy.float32(255)
    (ours,) = session_of(options.run, options.nib.resolve()).run(None, {"images": pixels})
    with open(options.run / "test_predictions.csv", newline="") as file:
        rows = [row for row, _ in zip(csv.DictReader(file), images)]
    if len(rows) != len(images):
        sys.exit(f"check_onnx: {len(rows)} predictions for {len(images)} images")
    theirs = numpy.array([[float(row[f"p{digit}"]) for digit in range(10)] for row in rows])
    differing = int((ours.argmax(axis=1) != theirs.argmax(axis=1)).sum())
    distance = float(numpy.abs(ours - theirs).max())
    print(f"{len(images)} images: {differing} classes differ, probabilities by at most {distance:.1e}")
    sys.exit(1 if differing or distance > PROBABILITY_TOLERANCE else 0)


if __name__ == "__main__":
    main()
