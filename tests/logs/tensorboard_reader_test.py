#!/usr/bin/env python3
"""tensorboard_reader_test.py NIB WRITE_EVENTS PYTHON: reads nib's event files with TensorBoard's own reader.

Goes on with the interpreter PYTHON where that is there. Exits with 77, which CTest takes for skipped, where no
interpreter has the package."""

import json
import os
import pathlib
import random
import struct
import subprocess
import sys
import tempfile
import unittest
import zlib

NIB, WRITE_EVENTS, PYTHON = (pathlib.Path(word) for word in sys.argv[1:4])
SKIPPED = 77

if PYTHON.exists() and pathlib.Path(sys.prefix).resolve() != PYTHON.parent.parent.resolve():
    os.execv(PYTHON, [PYTHON, "-B", *sys.argv])
try:
    from tensorboard.backend.event_processing import event_accumulator
except ImportError as error:
    print(f"skipped: {error}; tools/test puts TensorBoard into build/python")
    sys.exit(SKIPPED)


def read(folder):
    events = event_accumulator.EventAccumulator(str(folder), size_guidance={"scalars": 0, "images": 0})
    events.Reload()
    return events


def scalars(events, tag):
    return [(event.step, event.value) for event in events.Scalars(tag)]


def float32(value):
    return struct.unpack("f", struct.pack("f", value))[0]


def png_size(png):
    return struct.unpack(">II", png[16:24])


def png_file(width, height):
    """A grey picture."""

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    rows = b"".join(b"\0" + bytes(range(width)) for _ in range(height))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def write_set(folder):
    """A small data set of random images, in MNIST's format."""
    folder.mkdir()
    source = random.Random(0)
    for part, count in (("train", 200), ("t10k", 50)):
        images = struct.pack(">IIII", 0x803, count, 28, 28) + source.randbytes(count * 784)
        labels = struct.pack(">II", 0x801, count) + bytes(number % 10 for number in range(count))
        (folder / f"{part}-images-idx3-ubyte").write_bytes(images)
        (folder / f"{part}-labels-idx1-ubyte").write_bytes(labels)


class ReaderTest(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)

    def test_it_reads_scalars_and_images(self):
        png = png_file(40, 30)
        (self.folder / "picture.png").write_bytes(png)
        subprocess.run([WRITE_EVENTS, self.folder / "log", self.folder / "picture.png"], check=True)
        events = read(self.folder / "log/train")
        self.assertEqual(events.file_version, 2)
        self.assertEqual(scalars(events, "epoch_loss"), [(0, 0.5), (1, 0.125)])
        self.assertEqual([event.wall_time for event in events.Scalars("epoch_loss")], [1700000000.25, 1700000001.5])
        (image,) = events.Images("curves")
        self.assertEqual((image.step, image.width, image.height), (1, 40, 30))
        self.assertEqual(image.encoded_image_string, png)

    def test_it_reads_what_a_run_logs(self):
        write_set(self.folder / "set")
        run = self.folder / "run"
        command = f"train --data set --device cpu --epochs 3 --batch 20 --out {run} --tensorboard log --log-every 3"
        subprocess.run([NIB, *command.split(), "--quiet"], cwd=self.folder, check=True, stdout=subprocess.DEVNULL)
        history = json.loads((run / "history.json").read_text())
        test = json.loads((run / "run.json").read_text())["test"]
        train, validation, tested = (read(self.folder / "log" / part) for part in ("train", "validation", "test"))
        for figure in ("loss", "accuracy"):
            tag = f"epoch_{figure}"
            self.assertEqual(scalars(train, tag), list(enumerate(map(float32, history[figure]))))
            self.assertEqual(scalars(validation, tag), list(enumerate(map(float32, history[f"val_{figure}"]))))
            self.assertEqual(scalars(tested, tag), [(2, float32(test[figure]))])
            self.assertEqual([step for step, _ in scalars(train, f"batch_{figure}")], [3, 6, 9, 12, 15, 18, 21, 24, 27])
        pictures = {path.stem: path.read_bytes() for path in run.rglob("*.png")}
        self.assertEqual(set(train.Tags()["images"]), set(pictures))
        for name, png in pictures.items():
            (image,) = train.Images(name)
            self.assertEqual((image.width, image.height), png_size(png))
            self.assertEqual(image.encoded_image_string, png)

    def test_it_reads_a_run_that_went_on_as_one_that_never_stopped(self):
        write_set(self.folder / "set")

        def train(command):
            run = [NIB, "train", *command.split(), "--no-pictures", "--quiet"]
            subprocess.run(run, cwd=self.folder, check=True, stdout=subprocess.DEVNULL)

        def drawn(log):
            parts = [read(self.folder / log / part) for part in ("train", "validation", "test")]
            return [{tag: scalars(part, tag) for tag in part.Tags()["scalars"]} for part in parts]

        begin = "--data set --device cpu --batch 20 --log-every 2 "
        train(begin + "--epochs 4 --out whole --tensorboard whole-log")
        train(begin + "--epochs 2 --out run --tensorboard log")
        # As a process leaves it that was killed behind its last checkpoint: with more events, the last one cut.
        checkpoint = (self.folder / "run/checkpoint.safetensors").read_bytes()
        train("--resume run --epochs 3")
        (self.folder / "run/checkpoint.safetensors").write_bytes(checkpoint)
        last = max((self.folder / "log/train").iterdir())
        last.write_bytes(last.read_bytes()[:-5])
        train("--resume run --epochs 4")
        self.assertEqual(drawn("log"), drawn("whole-log"))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
