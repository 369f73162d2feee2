"""See tools/data_formats."""

import gzip
import json
import os
import pathlib
import struct
import subprocess
import sys
import tempfile
import time
import zlib

import numpy

PARTS = {"train": "train", "test": "t10k"}


def bundled():
    """(images, labels) of each part."""

    def values(name, header):
        content = gzip.decompress(pathlib.Path(f"data/mnist/{name}.gz").read_bytes())
        return numpy.frombuffer(content, numpy.uint8, offset=header)

    return {part: (values(f"{stem}-images-idx3-ubyte", 16).reshape(-1, 28, 28), values(f"{stem}-labels-idx1-ubyte", 8))
            for part, stem in PARTS.items()}


def arrays(sets, label_type):
    named = {}
    for part, (images, labels) in sets.items():
        named[f"x_{part}"] = images
        named[f"y_{part}"] = labels.astype(label_type)
    return named


def write_tables(folder, sets):
    folder.mkdir()
    for part, (images, labels) in sets.items():
        with open(folder / f"mnist_{part}.csv", "w") as table:
            table.write("label," + ",".join(f"pixel{i}" for i in range(784)) + "\n")
            for image, label in zip(images.reshape(len(images), -1).tolist(), labels.tolist()):
                table.write(f"{label}," + ",".join(map(str, image)) + "\n")


def png(image):
    def chunk(name, content):
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    rows = b"".join(b"\0" + row.tobytes() for row in image)
    header = struct.pack(">IIBBBBB", image.shape[1], image.shape[0], 8, 0, 0, 0, 0)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows, 1)) +
            chunk(b"IEND", b""))


def write_pictures(folder, sets):
    for part, (images, labels) in sets.items():
        for label in range(10):
            (folder / part / str(label)).mkdir(parents=True)
        for index, (image, label) in enumerate(zip(images, labels)):
            (folder / part / str(label) / f"img_{index}.png").write_bytes(png(image))


def run(program, *arguments):
    """The document that a command prints, and its seconds."""
    begin = time.monotonic()
    ended = subprocess.run([program, *arguments, "--json"], capture_output=True, text=True)
    if ended.returncode != 0:
        sys.exit(f"nib {' '.join(arguments)} ended with {ended.returncode}: {ended.stderr}")
    return json.loads(ended.stdout), time.monotonic() - begin


def main():
    program = pathlib.Path(sys.argv[1]).resolve() / "nib"
    wrong = 0
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        sets = bundled()
        numpy.savez_compressed(folder / "deflated.npz", **arrays(sets, "uint8"))
        numpy.savez(folder / "stored.npz", **arrays(sets, "int64"))
        write_tables(folder / "tables", sets)
        write_pictures(folder / "pictures", sets)
        expected = {}
        for data in ["data/mnist", *(str(folder / kind) for kind in ("deflated.npz", "stored.npz", "tables", "pictures"))]:
            found, seconds = run(program, "data", "verify", "--data", data)
            hashes = [file["raw_sha256"] for file in found["files"]]
            trained, _ = run(program, "train", "--data", data, "--out", str(folder / f"run-{len(expected)}"), "--epochs",
                                "1", "--limit", "6000", "--no-pictures")
            results = (hashes, trained["weights_sha256"])
            expected[data] = results
            same = results == expected["data/mnist"]
            wrong += not same
            print(f"{'ok   ' if same else 'wrong'}  {os.path.basename(data):<13} read in {seconds:.2f} s, "
                  f"weights {trained['weights_sha256'][:8]}", flush=True)
    sys.exit(wrong > 0)


if __name__ == "__main__":
    main()
