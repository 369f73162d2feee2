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


ARITHMETICS = {"pedantic": "FP32, pedantic", "plain": "FP32", "tf32": "TF32"}


def products(part):
    """The dense products in three arithmetics: whether full FP32 may be asked for in the way that is faster."""
    found = part.run_json([part.programs.micro, "products", libraries(part)["libcublas"]])["products"]
    part.figures["products"] = found
    rows = []
    for product in found:
        timed = [product[name] for name in ARITHMETICS]
        cells = [f"{one['us']['median']:.2f}" if one else "refused" for one in timed]
        cells += [f"{one['difference']:.1e}" if one else "" for one in timed[1:]]
        rows.append([product["name"], "x".join(str(product[key]) for key in ("height", "depth", "width")), *cells])
    header = ["product", "shape", *(f"{title}, us" for title in ARITHMETICS.values())]
    header += [f"{title}: difference" for title in list(ARITHMETICS.values())[1:]]
    part.say("Dense products at batch 128, and how far they are from pedantic FP32:", "", *table(header, rows), "")


def micro(part):
    start_up(part, 3 if part.options.quick else 7)
    try:
        with part.attempt("dense products"):
            products(part)
        device(part)
    except (KeyError, TypeError) as error:
        raise Failed(f"gpu_micro's document lacks {error}") from None
