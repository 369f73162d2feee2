"""Trains some steps with each of Keras's optimizers that nib has, in float64, and records their losses and figures of the
weights behind the last one: record_optimizers.py FOLDER, with the network in FOLDER/network.json. For the tests: nib's
reference in double has to repeat them.

Needs what requirements.txt names. Biases are left out of Keras's weight decay, as nib leaves them out.
"""

import argparse
import json
import math
import pathlib

import recording as recordings
from record_keras import build, from_keras, to_keras

import keras
import numpy
from safetensors.numpy import save_file

STEPS, BATCH = 25, 16
# Of each case: nib's settings, Keras's optimizer and its settings, the first learning rate.
OPTIMIZERS = keras.optimizers
CASES = [
    ({"optimizer": "adam"}, OPTIMIZERS.Adam, {}, 0.001),
    ({"optimizer": "adamw"}, OPTIMIZERS.AdamW, {}, 0.001),
    ({"optimizer": "amsgrad"}, OPTIMIZERS.Adam, {"amsgrad": True}, 0.001),
    ({"optimizer": "sgd"}, OPTIMIZERS.SGD, {}, 0.01),
    ({"optimizer": "momentum"}, OPTIMIZERS.SGD, {"momentum": 0.9}, 0.01),
    ({"optimizer": "nesterov"}, OPTIMIZERS.SGD, {"momentum": 0.9, "nesterov": True}, 0.01),
    ({"optimizer": "rmsprop"}, OPTIMIZERS.RMSprop, {}, 0.001),
    ({"optimizer": "sgd", "weight_decay": 0.3}, OPTIMIZERS.SGD, {"weight_decay": 0.3}, 0.05),
    ({"optimizer": "adam", "clip_norm": 0.7}, OPTIMIZERS.Adam, {"global_clipnorm": 0.7}, 0.003),
    ({"optimizer": "momentum", "ema": 0.9}, OPTIMIZERS.SGD, {"momentum": 0.9, "use_ema": True, "ema_momentum": 0.9}, 0.01),
    (
        {"optimizer": "amsgrad", "weight_decay": 0.1, "clip_norm": 1.0, "ema": 0.8},
        OPTIMIZERS.Adam,
        {"amsgrad": True, "weight_decay": 0.1, "global_clipnorm": 1.0, "use_ema": True, "ema_momentum": 0.8},
        0.003,
    ),
    ({"optimizer": "sgd", "l2": 0.02}, OPTIMIZERS.SGD, {}, 0.05),
    ({"optimizer": "adam", "l2": 0.01, "clip_norm": 0.7}, OPTIMIZERS.Adam, {"global_clipnorm": 0.7}, 0.003),
    (
        {"optimizer": "momentum", "weight_decay": 0.1, "l2": 0.005, "ema": 0.9},
        OPTIMIZERS.SGD,
        {"momentum": 0.9, "weight_decay": 0.1, "use_ema": True, "ema_momentum": 0.9},
        0.01,
    ),
]


def figures(named, tensors):
    """Of each tensor its norm and its mean."""
    result = []
    for name, layer, image in named:
        for values in (from_keras(tensors[f"{name}.weight"], image), tensors[f"{name}.bias"]):
            result.append({"l2": float(numpy.linalg.norm(values)), "mean": float(values.mean())})
    return result


def train(recording, settings, kind, words, first_rate):
    keras.utils.clear_session()
    keras.config.set_floatx("float64")
    model, named = build(recording, settings.get("l2"))
    for name, layer, image in named:
        layer.set_weights([to_keras(recording.initial[f"{name}.weight"], image), recording.initial[f"{name}.bias"]])
    rates = [first_rate * (1 + math.cos(math.pi * step / STEPS)) / 2 for step in range(STEPS)]
    optimizer = kind(first_rate, **words)
    optimizer.exclude_from_weight_decay(var_names=["bias"])
    model.compile(optimizer=optimizer, loss="categorical_crossentropy")
    losses = []
    for rate, (images, labels) in zip(rates, recording.batches()):
        optimizer.learning_rate = rate
        losses.append(float(model.train_on_batch(images[..., None], keras.utils.to_categorical(labels, 10))))
        model.reset_metrics()

    def weights():
        pairs = [(name, layer.get_weights()) for name, layer, _ in named]
        return {f"{name}.{part}": values for name, both in pairs for part, values in zip(("weight", "bias"), both)}

    case = {**settings, "learning_rates": rates, "losses": losses, "weights": figures(named, weights())}
    if "ema" in settings:
        optimizer.finalize_variable_values(model.trainable_variables)
        case["averages"] = figures(named, weights())
    return case


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path, help="folder of network.json and of the recording")
    folder = parser.parse_args().folder
    wanted = argparse.Namespace(
        network=folder / "network.json",
        batch=BATCH,
        steps=STEPS,
        learning_rate=0.001,
        label_smoothing=0.0,
        weights=None,
    )
    recording = recordings.Recording(wanted, seed=0)
    save_file(recording.initial, folder / "initial.safetensors")
    cases = [train(recording, *case) for case in CASES]
    lines = ",\n".join(f"  {json.dumps(case)}" for case in cases)
    version = json.dumps(f"Keras {keras.__version__}, float64")
    order = json.dumps(recording.order.tolist())
    text = f'{{\n "peer": {version},\n "batch": {BATCH},\n "order": {order},\n "cases": [\n{lines}\n ]\n}}\n'
    (folder / "recording.json").write_text(text)


if __name__ == "__main__":
    main()
