"""Exports small networks from PyTorch, with what they answer to the images of models.py."""

import numpy
import torch
from torch import nn

import models


class Written(nn.Module):
    """As tutorials write it: pooling before ReLU, view, log_softmax."""

    def __init__(self):
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(1, 3, 3), nn.Conv2d(3, 4, 3, padding=1)
        self.fc1, self.fc2 = nn.Linear(16, 8), nn.Linear(8, models.CLASSES)
        self.dropout = nn.Dropout(0.5)

    def forward(self, x):
        x = torch.relu(torch.max_pool2d(self.conv1(x), 2))
        x = torch.relu(torch.max_pool2d(self.conv2(x), 2))
        x = x.view(-1, 16)
        x = self.dropout(torch.relu(self.fc1(x)))
        return torch.log_softmax(self.fc2(x), 1)


class Means(nn.Module):
    """Average pools, and a mean over the image in place of Flatten."""

    def __init__(self):
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(1, 3, 3), nn.Conv2d(3, 4, 2)
        self.pool, self.fc = nn.AvgPool2d((2, 3), (2, 1)), nn.Linear(4, models.CLASSES)

    def forward(self, x):
        x = self.pool(torch.relu(self.conv1(x)))
        x = torch.relu(self.conv2(x))
        return self.fc(x.mean((2, 3)))


def sequential(bias=False):
    return nn.Sequential(
        nn.Conv2d(1, 3, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(48, 7, bias=bias), nn.ReLU(),
        nn.Dropout(0.25), nn.Linear(7, models.CLASSES),
    )


def export(name, model, probabilities, **options):
    model.eval()
    pixels = torch.tensor(models.images()[:, None].astype(numpy.float32) / 255)
    torch.onnx.export(
        model, pixels, models.FOLDER / f"{name}.onnx", opset_version=13, input_names=["images"],
        dynamic_axes={"images": {0: "N"}}, **options,
    )
    with torch.no_grad():
        models.write_answers(name, probabilities(model(pixels)))


torch.manual_seed(1)
export("torch-sequential", sequential(), lambda logits: torch.softmax(logits, 1))
export("torch-module", Written(), torch.exp)
# With dropout in it, as for training that goes on.
export("torch-training", sequential(bias=True), lambda logits: torch.softmax(logits, 1),
       training=torch.onnx.TrainingMode.TRAINING, do_constant_folding=False)
torch.manual_seed(3)
# PyTorch 2.15.0 needs dynamo=False for this one.
export("torch-means", Means(), lambda logits: torch.softmax(logits, 1))
