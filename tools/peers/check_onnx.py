"""Checks what `nib convert` makes of a run for ONNX: onnx's checker takes it, and onnxruntime answers the first test
images as the run's test_predictions.csv has them. Needs numpy, onnx and onnxruntime. Exits with 1 where they differ.
"""

import pathlib
import sys
import tempfile

import onnx
import onnxruntime

import exports


def session_of(options):
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "model.onnx"
        exports.nib(options, "convert", options.run, file)
        onnx.checker.check_model(onnx.load(file), full_check=True)
        return onnxruntime.InferenceSession(file.read_bytes(), providers=["CPUExecutionProvider"])


def main():
    options = exports.arguments(__doc__)
    (ours,) = session_of(options).run(None, {"images": exports.test_images(options)[:, None]})
    name = f"onnxruntime {onnxruntime.__version__}, .onnx"
    sys.exit(0 if exports.agree(name, ours, exports.run_probabilities(options)) else 1)


if __name__ == "__main__":
    main()
