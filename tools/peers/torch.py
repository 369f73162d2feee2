"""The notebook's training in PyTorch, with the images on the device as uint8, timed epoch by epoch.

Variants: eager; compiled (torch.compile, whose default mode here, reduce-overhead, replays CUDA graphs of its own);
graph (each whole step, from gathering the batch to Adam, captured by hand in a CUDA graph); plain. All but plain use
channels_last and the fused Adam.
PyTorch adds Adam's epsilon to the corrected square root, where Keras adds it to the uncorrected one. One epoch goes
before those that count. Waits for the device only at the end of an epoch. It has not been run on a GPU yet.
"""

import sys

import peer

sys.path.pop(0)  # this folder, where "torch" would be this very file
import torch
from torch import nn
from torch.nn import functional

VARIANTS = ("eager", "compiled", "graph", "plain")
COMPILE_MODES = ("reduce-overhead", "max-autotune", "max-autotune-no-cudagraphs", "default")
SETTLING_STEPS = 3  # before a capture, so that libraries set themselves up outside it


def make_model():
    """The network with Keras's initial values: Glorot's uniform distribution, biases 0."""
    model = nn.Sequential(
        nn.Conv2d(1, 32, 3),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 3),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(1600, 128),
        nn.ReLU(),
        nn.Linear(128, 10),
    )
    for name, parameter in model.named_parameters():
        if name.endswith("weight"):
            nn.init.xavier_uniform_(parameter)
        else:
            nn.init.zeros_(parameter)
    return model


class Peer:
    def __init__(self, options):
        self.options = options
        self.device = torch.device(options.device)
        on_gpu = self.device.type == "cuda"
        if options.variant == "graph" and not on_gpu:
            sys.exit("torch.py: --variant graph needs a CUDA device")
        tf32 = options.precision == "tf32"
        torch.backends.cuda.matmul.allow_tf32 = tf32
        torch.backends.cudnn.allow_tf32 = tf32
        torch.backends.cudnn.benchmark = True
        if options.threads:
            torch.set_num_threads(options.threads)
        torch.manual_seed(options.seed)
        if self.device.index is not None:
            torch.cuda.set_device(self.device)
        self.device_name = torch.cuda.get_device_name(self.device) if on_gpu else "cpu"

        images, labels = peer.training_data(options)
        self.images = self.upload(images)
        self.labels = self.upload(labels)
        self.order = torch.zeros(options.limit, dtype=torch.int32, device=self.device)
        self.position = torch.zeros((), dtype=torch.int32, device=self.device)
        self.loss_sum = torch.zeros((), dtype=torch.float32, device=self.device)
        self.correct = torch.zeros((), dtype=torch.int64, device=self.device)

        plain = options.variant == "plain"
        self.layout = torch.contiguous_format if plain else torch.channels_last
        self.model = make_model().to(self.device, memory_format=self.layout)
        self.optimizer = torch.optim.Adam(
            self.model.parameters(),
            lr=peer.LEARNING_RATE,
            betas=(peer.BETA1, peer.BETA2),
            eps=peer.EPSILON,
            fused=not plain,
            capturable=on_gpu,
        )
        self.loss = self.plain_loss
        if options.variant == "compiled":
            self.loss = torch.compile(self.plain_loss, dynamic=False, mode=options.compile_mode)
        self.whole_batches, self.rest = peer.batches(options)
        self.steps = {rows: self.make_step(rows) for rows in (options.batch, self.rest) if rows}

    def upload(self, array):
        return torch.from_numpy(array.copy()).to(self.device)

    def logits(self, images):
        scaled = images.unsqueeze(1).to(memory_format=self.layout, dtype=torch.float32) / 255
        return self.model(scaled)

    def plain_loss(self, images, labels):
        """The mean loss and the number of correct answers of a batch."""
        logits = self.logits(images)
        return functional.cross_entropy(logits, labels), (logits.argmax(1) == labels).sum()

    def step(self, rows, offsets):
        """One step over the next `rows` images of the order; all that changes from step to step is on the device."""
        chosen = self.order[self.position + offsets]
        self.optimizer.zero_grad(set_to_none=True)
        loss, correct = self.loss(self.images[chosen], self.labels[chosen].long())
        loss.backward()
        self.optimizer.step()
        self.loss_sum += loss.detach() * rows
        self.correct += correct
        self.position += rows

    def make_step(self, rows):
        """A step over `rows` images as a function without arguments."""
        offsets = torch.arange(rows, dtype=torch.int32, device=self.device)
        if self.options.variant != "graph":
            return lambda: self.step(rows, offsets)
        initial = [parameter.detach().clone() for parameter in self.model.parameters()]
        side = torch.cuda.Stream(self.device)
        side.wait_stream(torch.cuda.current_stream(self.device))
        with torch.cuda.stream(side):
            for _ in range(SETTLING_STEPS):
                self.position.zero_()
                self.step(rows, offsets)
        torch.cuda.current_stream(self.device).wait_stream(side)
        graph = torch.cuda.CUDAGraph()
        self.position.zero_()
        with torch.cuda.graph(graph):
            self.step(rows, offsets)
        with torch.no_grad():
            for parameter, value in zip(self.model.parameters(), initial):
                parameter.copy_(value)
            for state in self.optimizer.state.values():
                for tensor in state.values():
                    tensor.zero_()
        return graph.replay

    def train(self, order):
        self.order.copy_(torch.from_numpy(order))
        self.position.zero_()
        self.loss_sum.zero_()
        self.correct.zero_()
        step = self.steps.get(self.options.batch)
        for _ in range(self.whole_batches):
            step()
        if self.rest:
            self.steps[self.rest]()
        return self.loss_sum.item(), self.correct.item()

    @torch.no_grad()
    def test(self):
        images, labels = peer.test_data()
        return (self.logits(self.upload(images)).argmax(1) == self.upload(labels)).sum().item()


def main():
    options = peer.arguments(__doc__, VARIANTS, [("--compile-mode", COMPILE_MODES)])
    versions = {"torch": torch.__version__, "cuda": torch.version.cuda, "cudnn": torch.backends.cudnn.version()}
    peer.measure(options, Peer(options), versions)


if __name__ == "__main__":
    main()
