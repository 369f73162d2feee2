"""The small costs that the engine's design rests on, as gpu_micro measures them."""

import statistics

from commands import Failed
from identity import libraries
from record import table

LIBRARIES = {"libcudnn": ("cuDNN", "cudnnCreate"), "libcublas": ("cuBLAS", "cublasCreate_v2")}


def repeated(part, words, times):
    """What a fresh process measures about itself, over several processes: all values, by name."""
    runs = [part.run_json([part.programs.micro, *words]) for _ in range(times)]
    return {name: [run[name] for run in runs] for name in runs[0]}


def start_up(part, times):
    rows = []

    def add(what, key, measured):
        values = [value / 1000 for value in measured[key]]
        rows.append([what, *(f"{v:.1f}" for v in (statistics.median(values), min(values), max(values), values[0]))])

    with part.attempt("context"):
        part.figures["context"] = measured = repeated(part, ["context"], times)
        add("driver and number of devices", "driver_us", measured)
        add("context", "context_us", measured)
    for name, path in libraries(part).items():
        title, function = LIBRARIES[name]
        with part.attempt(title):
            measured = repeated(part, ["library", path, function], times)
            part.figures[name] = {"path": path, **measured}
            add(f"loading {title}", "load_us", measured)
            add(function, "create_us", measured)
    if rows:
        part.say("Once a process, ms:", "", *table(["", "median", "least", "most", "first process"], rows), "")


def device(part):
    part.figures["device"] = found = part.run_json([part.programs.micro, "device"])
    rows = []

    def add(what, spread):
        rows.append([what, *(f"{spread[key]:.2f}" for key in ("median", "p10", "p90"))])

    add("kernel launch, the call", found["launch"]["call_us"])
    add("kernel launch, until the last has ended", found["launch"]["end_to_end_us"])
    for nodes, spread in found["graph_chain"]["launch_us"].items():
        add(f"graph of {nodes} empty kernels", spread)
    if found["grid_barrier"]:
        add(f"barrier over {found['grid_barrier']['blocks']} blocks", found["grid_barrier"]["barrier_us"])
    for copy in found["pinned_copy"]:
        for key, direction in (("to_device_us", "to"), ("to_host_us", "from")):
            add(f"pinned copy {direction} the device, {copy['bytes']:,} bytes", copy[key])
    part.say("Again and again, us:", "", *table(["", "median", "p10", "p90"], rows), "")
    part.say(f"One more graph node: {found['graph_chain']['node_us']:.3f} us (slope over 1 to 512 nodes)")


def micro(part):
    start_up(part, 3 if part.options.quick else 7)
    try:
        device(part)
    except (KeyError, TypeError) as error:
        raise Failed(f"gpu_micro's document lacks {error}") from None
