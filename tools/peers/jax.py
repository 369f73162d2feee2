"""The notebook's training in JAX, with the images on the device as uint8, timed epoch by epoch.

Variants: jit (each step one compiled call); scan (a whole epoch one compiled call, lax.scan over its steps). Adam is
written out in Keras's form. One epoch, in which XLA compiles, goes before those that count. Waits for the device only
at the end of an epoch. It has not been run on a GPU yet.
"""

import functools
import sys

import peer

sys.path.pop(0)  # this folder, where "jax" would be this very file
import jax
import numpy
from jax import lax
from jax import numpy as jnp

VARIANTS = ("jit", "scan")


def initial_parameters(seed):
    """Keras's initial values: Glorot's uniform distribution, biases 0. Kernels are (row, column, input, output)."""
    random = numpy.random.default_rng(seed)
    shapes = {"conv1": (3, 3, 1, 32), "conv2": (3, 3, 32, 64), "fc1": (1600, 128), "fc2": (128, 10)}
    parameters = {}
    for name, shape in shapes.items():
        field = numpy.prod(shape[:-2], dtype=int)
        limit = (6 / (field * (shape[-2] + shape[-1]))) ** 0.5
        parameters[name] = {
            "weight": jnp.asarray(random.uniform(-limit, limit, shape), jnp.float32),
            "bias": jnp.zeros(shape[-1], jnp.float32),
        }
    return parameters


def convolution_relu_pool(layer, x):
    x = lax.conv_general_dilated(x, layer["weight"], (1, 1), "VALID", dimension_numbers=("NHWC", "HWIO", "NHWC"))
    x = jax.nn.relu(x + layer["bias"])
    return lax.reduce_window(x, -jnp.inf, lax.max, (1, 2, 2, 1), (1, 2, 2, 1), "VALID")


def logits_of(parameters, images):
    x = images[..., None].astype(jnp.float32) / 255
    x = convolution_relu_pool(parameters["conv1"], x)
    x = convolution_relu_pool(parameters["conv2"], x)
    x = x.reshape(x.shape[0], -1)
    x = jax.nn.relu(x @ parameters["fc1"]["weight"] + parameters["fc1"]["bias"])
    return x @ parameters["fc2"]["weight"] + parameters["fc2"]["bias"]


def loss_and_correct(parameters, images, labels):
    """The mean loss and the number of correct answers of a batch."""
    logits = logits_of(parameters, images)
    chosen = jnp.take_along_axis(jax.nn.log_softmax(logits), labels[:, None].astype(jnp.int32), axis=1)
    return -chosen.mean(), (logits.argmax(1) == labels).sum()


def step(state, images, labels, chosen):
    """One step over the images with these numbers."""
    gradient_of = jax.value_and_grad(loss_and_correct, has_aux=True)
    (loss, correct), gradient = gradient_of(state["parameters"], images[chosen], labels[chosen])
    count = state["step"] + 1
    power = count.astype(jnp.float32)
    size = peer.LEARNING_RATE * jnp.sqrt(1 - peer.BETA2**power) / (1 - peer.BETA1**power)
    first = jax.tree.map(lambda m, g: peer.BETA1 * m + (1 - peer.BETA1) * g, state["first"], gradient)
    second = jax.tree.map(lambda v, g: peer.BETA2 * v + (1 - peer.BETA2) * g * g, state["second"], gradient)
    parameters = jax.tree.map(
        lambda p, m, v: p - size * m / (jnp.sqrt(v) + peer.EPSILON), state["parameters"], first, second
    )
    return {
        "parameters": parameters,
        "first": first,
        "second": second,
        "step": count,
        "loss": state["loss"] + loss * len(chosen),
        "correct": state["correct"] + correct,
    }


@functools.partial(jax.jit, donate_argnums=0, static_argnames="rows")
def jit_step(state, images, labels, order, begin, rows):
    return step(state, images, labels, lax.dynamic_slice(order, (begin,), (rows,)))


@functools.partial(jax.jit, donate_argnums=0, static_argnames="batch")
def scan_epoch(state, images, labels, order, batch):
    whole = len(order) // batch * batch
    state, _ = lax.scan(
        lambda carried, chosen: (step(carried, images, labels, chosen), None), state, order[:whole].reshape(-1, batch)
    )
    return step(state, images, labels, order[whole:]) if whole < len(order) else state


class Peer:
    def __init__(self, options):
        self.options = options
        kind, _, number = options.device.partition(":")
        jax.config.update("jax_platforms", "cuda,cpu" if kind == "cuda" else kind)
        jax.config.update("jax_default_matmul_precision", "tensorfloat32" if options.precision == "tf32" else "highest")
        device = jax.devices(kind)[int(number or 0)]
        jax.config.update("jax_default_device", device)
        self.device_name = device.device_kind
        self.images, self.labels = (jnp.asarray(array) for array in peer.training_data(options))
        parameters = initial_parameters(options.seed)
        self.state = {
            "parameters": parameters,
            "first": jax.tree.map(jnp.zeros_like, parameters),
            "second": jax.tree.map(jnp.zeros_like, parameters),
            "step": jnp.int32(0),
        }

    def train(self, order):
        order = jnp.asarray(order)
        self.state |= {"loss": jnp.float32(0), "correct": jnp.int32(0)}
        if self.options.variant == "scan":
            self.state = scan_epoch(self.state, self.images, self.labels, order, batch=self.options.batch)
        else:
            for begin in range(0, self.options.limit, self.options.batch):
                rows = min(self.options.batch, self.options.limit - begin)
                self.state = jit_step(self.state, self.images, self.labels, order, begin, rows=rows)
        return float(self.state["loss"]), int(self.state["correct"])

    def test(self):
        images, labels = peer.test_data()
        answers = jax.jit(logits_of)(self.state["parameters"], jnp.asarray(images)).argmax(1)
        return int((answers == jnp.asarray(labels)).sum())


def main():
    options = peer.arguments(__doc__, VARIANTS)
    import jaxlib

    peer.measure(options, Peer(options), {"jax": jax.__version__, "jaxlib": jaxlib.__version__})


if __name__ == "__main__":
    main()
