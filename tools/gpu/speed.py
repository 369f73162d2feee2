"""How long training takes: nib's own ways, the step's parts, and the same training in PyTorch and JAX."""

import itertools
import json
import pathlib
import statistics

from commands import Failed, Unavailable
from programs import output_of
from record import table
from training import precisions

STEPS = 422  # of 128 images in an epoch of 54,000
EPOCH_GOAL_MS = 25
GRAPH_GOAL = 2

# What trains as long as this and reaches less does not do the same work.
LEAST_PEER_ACCURACY = 0.98

PEERS = {"torch": ("eager", "graph", "compiled"), "jax": ("jit", "scan")}
SLOWEST_TO_START = "compiled"  # by far, so it comes behind all others, and for TF32 only


def bench(part, epochs, *options):
    words = ["bench", "--device", "cuda", "--json", "--epochs", epochs, *options]
    return part.run_json([part.programs.nib, *words])


def milliseconds(documents):
    """All timed epochs of these runs."""
    return [1e3 * seconds for document in documents for seconds in document["training_seconds"]]


def spread(values):
    values = sorted(values)
    tenths = statistics.quantiles(values, n=10, method="inclusive") if len(values) > 1 else values * 9
    return {"median": statistics.median(values), "p10": tenths[0], "p90": tenths[8], "epochs": len(values)}


def spread_cells(found):
    cells = [f"{found[key]:.2f}" for key in ("median", "p10", "p90")]
    return [*cells, f"{1e3 * found['median'] / STEPS:.1f}", found["epochs"]]


SPREAD_HEADER = ["median, ms/epoch", "p10", "p90", "us/step", "epochs"]


def kernel_choices(part):
    """All options that choose whose kernels compute; no option alone where this build has no choice."""
    if "--kernels" in output_of([part.programs.nib, "bench", "--help"], part.programs.environment()):
        return [["--kernels", "own"], ["--kernels", "library"]]
    part.say("- `--kernels own|library`: not in this build", "")
    return [[]]


def speed(part):
    """Every way to train, in turn and then once more, so that a drift of the clocks meets all of them."""
    rounds, epochs = (1, 5) if part.options.quick else (2, 10)
    choices = kernel_choices(part)
    ways = {
        " ".join([precision, *more]): ["--precision", precision, *more]
        for precision in precisions(part)
        for more in (*choices, ["--stream"], ["--fast"])
    }
    runs = part.figures["runs"] = {way: [] for way in ways}
    for _ in range(rounds):
        for way, options in ways.items():
            with part.attempt(f"nib bench {way}"):
                runs[way].append(bench(part, epochs, *options))
    rows = []
    for way, documents in runs.items():
        if documents:
            found = spread(milliseconds(documents))
            found["medians_of_rounds"] = [statistics.median(milliseconds([document])) for document in documents]
            part.figures[f"{way} ms"] = found
            rounds_text = " ".join(f"{median:.2f}" for median in found["medians_of_rounds"])
            rows.append([way, *spread_cells(found), rounds_text])
    if rows:
        part.say(*table(["nib", *SPREAD_HEADER, "median of each round"], rows), "")
    say_phases(part, runs)
    resident = [part.figures.get(f"{' '.join(['tf32', *choice])} ms") for choice in choices]
    medians = [found["median"] for found in resident if found]
    if medians:
        text = f"at most {EPOCH_GOAL_MS} ms an epoch (TF32, batch 128, resident, the faster kernels)"
        part.record.goal(text, f"{min(medians):.2f} ms", min(medians) <= EPOCH_GOAL_MS)


def say_phases(part, runs):
    """The mean time of each phase of a step, side by side for the resident runs. nib bench measures them one by one on
    an idle stream, outside of the captured graph, so that those of small kernels are mostly launches."""
    found = {
        way: {phase["name"]: phase["milliseconds"] for phase in documents[0]["phases"]}
        for way, documents in runs.items()
        if documents and "--stream" not in way and documents[0].get("phases")
    }
    names = dict.fromkeys(itertools.chain.from_iterable(found.values()))
    rows = [[name, *(f"{1e3 * found[way].get(name, 0):.1f}" for way in found)] for name in names]
    if rows:
        part.say("Phases, us a step: uncaptured steps, launch cost included", "", *table(["phase", *found], rows))


def graph(part):
    """What one captured step consists of, where nib bench tells it."""
    for choice in kernel_choices(part):
        found = bench(part, 1, "--precision", "tf32", *choice).get("graph")
        if not found:
            raise Unavailable("nib bench --json has no 'graph'")
        title = " ".join(["tf32", *choice])
        part.figures[title] = found
        rows = [[kind.replace("_", " "), count] for kind, count in found.items() if not isinstance(count, (dict, list))]
        part.say(*table([f"captured step, {title}", ""], rows), "")


def installed(part):
    """The peers that the Python of --python has."""
    words = "import importlib.util, sys; print(*[n for n in sys.argv[1:] if importlib.util.find_spec(n)])"
    names = output_of([part.options.python, "-c", words, *PEERS]).split()
    return {name: PEERS[name] for name in names}


def peer(part, framework, variant, precision, epochs):
    """One run of a peer; the document is that of nib bench --json in its names."""
    result = pathlib.Path(part.scratch) / "peer.json"
    result.unlink(missing_ok=True)
    words = ["--device", "cuda", "--precision", precision, "--epochs", epochs, "--variant", variant, "--json", result]
    part.run([part.options.python, part.programs.peers / f"{framework}.py", *words])
    try:
        document = json.loads(result.read_text())
        timed, _ = document["training_seconds"], document["start_up_seconds"]
        accuracy = document["test_accuracy"]
    except (OSError, ValueError, KeyError) as error:
        raise Failed(f"its JSON document is not what it should be: {error!r}") from None
    if not timed or accuracy < LEAST_PEER_ACCURACY:
        raise Failed(f"{len(timed)} epochs were timed, and its test accuracy is {accuracy}: not the same training")
    return document


def compare(part, title, precision, variants, epochs):
    """One precision: nib before and after every peer, so that both sides of a ratio ran side by side."""
    runs = part.figures[title] = {"nib": []}

    def run_nib():
        with part.attempt(f"nib {precision}"):
            runs["nib"].append(bench(part, epochs, "--precision", precision))

    run_nib()
    for framework, variant in variants:
        name = f"{framework} {variant}"
        with part.attempt(f"{name} {precision}"):
            runs[name] = [peer(part, framework, variant, precision, epochs)]
        run_nib()
    rows = []
    ours = statistics.median(milliseconds(runs["nib"])) if runs["nib"] else None
    for name, documents in runs.items():
        if documents:
            found = spread(milliseconds(documents))
            ratio = found["median"] / ours if ours else float("nan")
            rows.append([name, *spread_cells(found), f"{documents[0]['start_up_seconds']:.1f}", f"{ratio:.2f}"])
            if (name, precision) == ("torch graph", "tf32") and ours:
                text = f"at least {GRAPH_GOAL} times the speed of PyTorch with a captured graph (TF32)"
                part.record.goal(text, f"{ratio:.2f} times", ratio >= GRAPH_GOAL)
    if rows:
        header = [precision.upper(), *SPREAD_HEADER, "start-up, s", "time, nib = 1"]
        part.say(*table(header, rows), "")


def peers(part):
    found = installed(part)
    if not found:
        raise Unavailable(f"neither PyTorch nor JAX is installed for {part.options.python}")
    for name in PEERS.keys() - found.keys():
        part.say(f"- {name} is not installed for {part.options.python}", "")
    variants = [(framework, variant) for framework, names in found.items() for variant in names]
    first = [pair for pair in variants if pair[1] != SLOWEST_TO_START]
    last = [pair for pair in variants if pair[1] == SLOWEST_TO_START]
    epochs = 5 if part.options.quick else 10
    for precision in reversed(precisions(part)):
        compare(part, precision, precision, first, epochs)
    if last:
        compare(part, f"tf32 {SLOWEST_TO_START}", "tf32", last, epochs)
