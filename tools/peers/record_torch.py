"""Trains some steps with PyTorch and records them, for `nib verify --against OUT`.

PyTorch's Adam adds epsilon to the corrected square root, Keras's and nib's to the uncorrected one: each step's epsilon
is divided by that correction here, which makes the two the same.
"""

import math
import sys

import recording as recordings

sys.path.pop(0)  # this folder, where "torch" would be another file
import torch
from torch import nn


def build(recording):
    modules, named = [], {}
    for layer, name, shape in recording.layers():
        if layer["type"] == "convolution":
            if layer["padding"] == "same" and layer["stride"] != [1, 1]:
                raise SystemExit("PyTorch has no same padding with strides")
            module = nn.Conv2d(shape[2], layer["filters"], layer["kernel"], layer["stride"], layer["padding"])
        elif layer["type"] == "max_pool":
            module = nn.MaxPool2d(layer["size"], layer["stride"])
        elif layer["type"] == "average_pool":
            module = nn.AvgPool2d(layer["size"], layer["stride"])
        elif layer["type"] == "global_average_pool":
            module = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten())
        elif layer["type"] == "flatten":
            module = nn.Flatten()
        else:
            module = nn.Linear(shape[2], layer["units"])
        modules.append(module)
        if layer.get("activation") == "relu":
            modules.append(nn.ReLU())
        if name is not None:
            named[f"{name}.weight"], named[f"{name}.bias"] = module.weight, module.bias
    return nn.Sequential(*modules), named


def train(recording, initial):
    torch.set_default_dtype(torch.float64)
    model, named = build(recording)
    with torch.no_grad():
        for name, parameter in named.items():
            parameter.copy_(torch.tensor(initial[name], dtype=parameter.dtype))
    adam = torch.optim.Adam(model.parameters(), betas=(recordings.BETA1, recordings.BETA2))
    loss_function, losses = nn.CrossEntropyLoss(label_smoothing=recording.label_smoothing), []
    for step, (rate, (images, labels)) in enumerate(zip(recording.learning_rates, recording.batches()), 1):
        group = adam.param_groups[0]
        group["lr"], group["eps"] = rate, recordings.EPSILON / math.sqrt(1 - recordings.BETA2**step)
        adam.zero_grad()
        loss = loss_function(model(torch.tensor(images[:, None])), torch.tensor(labels.astype("int64")))
        loss.backward()
        adam.step()
        losses.append(loss.item())
    final = {name: parameter.detach().numpy() for name, parameter in named.items()}
    return f"PyTorch {torch.__version__}", losses, final


if __name__ == "__main__":
    recordings.record(__doc__, train)
