"""Checks a run of nib in PyTorch: its model.safetensors goes into a module by load_state_dict, which answers the first
test images as the run's test_predictions.csv has them. Needs torch, numpy and safetensors. Exits with 1 where they differ.
"""

import sys

import exports

sys.path.pop(0)  # this folder, where "torch" would be another file
import torch
from safetensors.torch import load_file
from torch import nn
from torch.nn import functional


class Digits(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3)
        self.conv2 = nn.Conv2d(32, 64, 3)
        self.fc1 = nn.Linear(1600, 128)
        self.fc2 = nn.Linear(128, 10)

    def forward(self, images):
        flow = functional.max_pool2d(functional.relu(self.conv1(images)), 2)
        flow = functional.max_pool2d(functional.relu(self.conv2(flow)), 2)
        flow = functional.relu(self.fc1(flow.flatten(1)))
        return functional.softmax(self.fc2(flow), dim=1)


def main():
    options = exports.arguments(__doc__)
    model = Digits()
    model.load_state_dict(load_file(options.run / "model.safetensors"))
    model.eval()
    with torch.no_grad():
        ours = model(torch.from_numpy(exports.test_images(options)[:, None])).numpy()
    name = f"PyTorch {torch.__version__}, .safetensors"
    sys.exit(0 if exports.agree(name, ours, exports.run_probabilities(options)) else 1)


if __name__ == "__main__":
    main()
