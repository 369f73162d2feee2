"""Evaluates a run of nib on MNIST's 10,000 test images in another program, and prints one JSON document.

Programs and variants: keras (batch128, batch1000, jit: batch 1000 with jit_compile=True), torch (eager: batch 1000,
channels_last; compiled: with torch.compile), onnxruntime (batch128, batch1000, batch10000). The model is what
`nib convert` makes of the run (.keras, .onnx), or the run's own model.safetensors (torch).

A pass takes the images, as float32 in memory, to the number of right answers and the mean loss. One pass is made; with
--on-request one that is not timed and then one for each line on standard input. `seconds` has that of each pass.
"""

import argparse
import json
import os
import pathlib
import sys
import time

from on_request import next_request, tell

VARIANTS = {
    "keras": ("batch128", "batch1000", "jit"),
    "torch": ("eager", "compiled"),
    "onnxruntime": ("batch128", "batch1000", "batch10000"),
}
FILES = {"keras": "digits.keras", "torch": "model.safetensors", "onnxruntime": "digits.onnx"}  # in the models' folder
BATCH = 1000


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", choices=VARIANTS)
    parser.add_argument("variant", help="as above")
    parser.add_argument("models", type=pathlib.Path, help="folder of the models")
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--on-request", action="store_true", help="begin each pass when a line comes")
    options = parser.parse_args()
    if options.variant not in VARIANTS[options.program]:
        parser.error(f"{options.program} has {', '.join(VARIANTS[options.program])}")
    options.file = options.models / FILES[options.program]
    return options


def keras_pass(options):
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    import keras
    import tensorflow

    tensorflow.config.threading.set_intra_op_parallelism_threads(options.threads)
    tensorflow.config.threading.set_inter_op_parallelism_threads(options.threads)
    model = keras.models.load_model(options.file, compile=False)
    model.compile(
        loss="sparse_categorical_crossentropy", metrics=["accuracy"], jit_compile=options.variant == "jit" or "auto"
    )
    batch = 128 if options.variant == "batch128" else BATCH

    def one_pass(images, labels):
        loss, accuracy = model.evaluate(images[..., None], labels, batch_size=batch, verbose=0)
        return loss, round(accuracy * len(labels))

    return one_pass, {"keras": keras.__version__, "tensorflow": tensorflow.__version__}


def torch_pass(options):
    import torch
    from safetensors.torch import load_file
    from torch import nn
    from torch.nn import functional

    torch.set_num_threads(options.threads)
    model = nn.Sequential(
        *(nn.Conv2d(1, 32, 3), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Flatten(), nn.Linear(1600, 128), nn.ReLU(), nn.Linear(128, 10)),
    )
    places = {"conv1": "0", "conv2": "3", "fc1": "7", "fc2": "9"}
    tensors = {name.partition("."): values for name, values in load_file(options.file).items()}
    model.load_state_dict({f"{places[layer]}.{kind}": v for (layer, _, kind), v in tensors.items() if layer in places})
    model = model.eval().to(memory_format=torch.channels_last)

    def loss_and_right(images, labels):
        logits = model(images.unsqueeze(1).to(memory_format=torch.channels_last))
        return functional.cross_entropy(logits, labels, reduction="sum"), (logits.argmax(1) == labels).sum()

    of_batch = torch.compile(loss_and_right, dynamic=False) if options.variant == "compiled" else loss_and_right

    @torch.inference_mode()
    def one_pass(images, labels):
        images, labels = torch.from_numpy(images), torch.from_numpy(labels)
        parts = [of_batch(*part) for part in zip(images.split(BATCH), labels.split(BATCH))]
        return sum(loss.item() for loss, _ in parts) / len(labels), sum(right.item() for _, right in parts)

    return one_pass, {"torch": torch.__version__}


def onnxruntime_pass(options):
    import numpy
    import onnxruntime

    settings = onnxruntime.SessionOptions()
    settings.intra_op_num_threads = options.threads
    session = onnxruntime.InferenceSession(options.file, settings, providers=["CPUExecutionProvider"])
    (name,) = (each.name for each in session.get_inputs())
    batch = int(options.variant.removeprefix("batch"))

    def one_pass(images, labels):
        parts = [session.run(None, {name: images[i : i + batch, None]})[0] for i in range(0, len(images), batch)]
        probabilities = numpy.concatenate(parts)
        loss = -numpy.log(numpy.maximum(probabilities[numpy.arange(len(labels)), labels], 1e-7)).mean()
        return float(loss), int((probabilities.argmax(1) == labels).sum())

    return one_pass, {"onnxruntime": onnxruntime.__version__}


def main():
    options = arguments()
    from mnist import read_mnist

    sys.path.pop(0)  # this folder, where "keras" and "torch" would be other files
    maker = {"keras": keras_pass, "torch": torch_pass, "onnxruntime": onnxruntime_pass}[options.program]
    one_pass, versions = maker(options)
    images, labels = read_mnist()[1]
    images, labels = images.astype("float32") / 255, labels.astype("int64")
    seconds = []
    while (not seconds or options.on_request) and next_request(options.on_request):
        begin = time.perf_counter()
        loss, right = one_pass(images, labels)
        seconds.append(time.perf_counter() - begin)
        tell(f"pass {len(seconds)}", seconds[-1])
    json.dump({"versions": versions, "seconds": seconds, "correct": right, "loss": loss}, sys.stdout)
    print()


if __name__ == "__main__":
    main()
