"""What each own kernel has to do for the digits network at batch 128, by formulas, and what that takes at least."""

import dataclasses

BATCH = 128
IMAGE = 28 * 28
CONVOLVED = (BATCH * 26 * 26 * 32, BATCH * 11 * 11 * 64)  # numbers in the outputs of both convolutions
POOLED = (BATCH * 13 * 13 * 32, BATCH * 5 * 5 * 64)
HIDDEN, CLASSES = BATCH * 128, BATCH * 10
PARAMETERS = (3 * 3 * 32 + 32) + (3 * 3 * 32 * 64 + 64) + (1600 * 128 + 128) + (128 * 10 + 10)
FIRST_PARAMETERS, SECOND_BIAS, TAIL_PARAMETERS = 3 * 3 * 32 + 32, 64, 128 + 128 * 10 + 10
PARTS, FIRST_PARTS = 32, 64  # in which sums over the batch are taken
FLOAT, WINNER, LABEL, RESULT = 4, 2, 4, 16  # bytes


@dataclasses.dataclass
class Use:
    """One launch: bytes that it reads and writes, arithmetic instructions of all threads, and how many loads have to
    wait for one another."""

    what: str
    read: int
    written: int
    operations: int
    rounds: int

    def bytes_moved(self):
        return self.read + self.written


def pool(what, layer):
    windows = 4 * FLOAT * POOLED[layer]
    return Use(what, windows, (FLOAT + WINNER) * POOLED[layer], 20 * POOLED[layer], 2)


def unpool(what, layer):
    pooled = (2 * FLOAT + WINNER) * POOLED[layer]
    return Use(what, pooled, FLOAT * CONVOLVED[layer], 4 * CONVOLVED[layer] + 4 * POOLED[layer], 2)


# With the libraries' calls.
LIBRARY = "--kernels library"
POOL = [pool("after conv2", 1), pool(f"after conv1, {LIBRARY}", 0)]
UNPOOL = [unpool("conv2", 1), unpool(f"conv1, {LIBRARY}", 0)]
PARTIALS = FLOAT * (FIRST_PARTS * FIRST_PARAMETERS + PARTS * (SECOND_BIAS + TAIL_PARAMETERS))

# By name, with template arguments or without; no uses: the network has none.
USES = {
    # For each of a pooled pixel's four places nine multiply-adds and the choice of the greatest, from 16 numbers.
    "first_forward_3": [
        Use(
            "the batch to conv1's pool",
            BATCH * (IMAGE + LABEL),
            (FLOAT + WINNER) * POOLED[0] + LABEL * BATCH,
            (4 * (9 + 6) + 16 + 10) * POOLED[0],
            4,
        )
    ],
    "first_forward_5": [],
    # Two images a block, one behind the other: where they are, their pixels, and three times eight pooled pixels.
    "first_backward_3": [
        Use(
            "conv1's weights and bias",
            BATCH * IMAGE + (2 * FLOAT + WINNER) * POOLED[0],
            FLOAT * FIRST_PARTS * FIRST_PARAMETERS,
            (9 + 9 + 20) * POOLED[0],
            BATCH // FIRST_PARTS * (3 + 3),
        )
    ],
    "first_backward_5": [],
    "gather_images": [Use(f"the batch, {LIBRARY}", BATCH * (IMAGE + LABEL), BATCH * (FLOAT * IMAGE + LABEL), 2 * BATCH * IMAGE, 3)],
    "pool": [],
    "pool_usual": POOL,
    "unpool": [],
    "unpool_usual": UNPOOL,
    "there_and_back": [
        Use(
            "fc1's bias to fc2 and back",
            FLOAT * (HIDDEN + PARTS * TAIL_PARAMETERS) + LABEL * BATCH,
            FLOAT * (HIDDEN + PARTS * TAIL_PARAMETERS) + RESULT * BATCH,
            6 * 128 * CLASSES,
            5,
        )
    ],
    "add_bias": [Use(f"fc1, {LIBRARY}", FLOAT * HIDDEN, FLOAT * HIDDEN, 2 * HIDDEN, 2)],
    "shut_gradient": [Use(f"fc1, {LIBRARY}", 2 * FLOAT * HIDDEN, FLOAT * HIDDEN, HIDDEN, 1)],
    "head": [
        Use(
            LIBRARY,
            FLOAT * CLASSES + LABEL * BATCH,
            FLOAT * CLASSES + RESULT * BATCH,
            60 * CLASSES,
            3,
        )
    ],
    "sum_parts": [
        # From pooled gradients and outputs; a block's lanes take every fourth row, eight at a time.
        Use(
            "conv2's bias",
            2 * FLOAT * POOLED[1],
            FLOAT * PARTS * SECOND_BIAS,
            2 * POOLED[1],
            -(-BATCH * 5 * 5 // (PARTS * 4 * 8)),
        )
    ],
    "finish": [
        Use(
            "all gradients",
            FLOAT * PARAMETERS + PARTIALS,
            FLOAT * (FIRST_PARAMETERS + SECOND_BIAS + TAIL_PARAMETERS),
            4 * PARAMETERS,
            FIRST_PARTS // 8 + 2,
        )
    ],
    "sum_squares_of_parts": [],
    "penalize_weights": [],
    "update_parameters": [],
    "update_parameters<Adam, true>": [Use("Adam", 4 * FLOAT * PARAMETERS, 3 * FLOAT * PARAMETERS, 20 * PARAMETERS, 2)],
    "count_predictions": [Use("a batch of evaluation", (RESULT + LABEL) * BATCH, 8 * 100, 20 * BATCH, 3)],
    "drop": [],
    "draw_maps": [],
    "shift_images": [],
}


@dataclasses.dataclass
class Gpu:
    """Round figures of what a kernel may hope for, and the time from one kernel of a graph to the next."""

    name: str
    bytes_a_microsecond: float
    operations_a_microsecond: float
    round_microseconds: float
    boundary_microseconds: float

    def estimate(self, use):
        """(microseconds with the boundary, what limits it). Bytes, arithmetic and waiting overlap."""
        times = {
            "memory": use.bytes_moved() / self.bytes_a_microsecond,
            "arithmetic": use.operations / self.operations_a_microsecond,
            "latency": use.rounds * self.round_microseconds,
        }
        limit = max(times, key=times.get)
        longest = times[limit]
        return self.boundary_microseconds + longest, limit if longest > self.boundary_microseconds else "the launch"


# Without contraction every addition and multiplication is an instruction of its own: half of the lanes' usual figure.
GPUS = {
    "sm_75": Gpu("T4", 0.25e6, 40 * 64 * 1300, 0.7, 2.0),
    "sm_90": Gpu("H100", 2.5e6, 132 * 128 * 1700, 0.7, 1.3),
}
