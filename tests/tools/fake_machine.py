"""A machine with a GPU as tools/gpu_check sees it: a bundle and tools of which every program is this very file.

Run under a program's name, it prints what that program would, or does what FAKE_FAULTS asks for (words that are looked
for below). Imported, it lays out the folders."""

import json
import os
import pathlib
import signal
import sys
import time

FAULTS = os.environ.get("FAKE_FAULTS", "").split()
WORDS = sys.argv[1:]


def value_of(option, default=None):
    return WORDS[WORDS.index(option) + 1] if option in WORDS else default


def crash():
    os.kill(os.getpid(), signal.SIGSEGV)


def spread(value):
    return {"median": value, "p10": 0.9 * value, "p90": 1.1 * value}


def gpu_micro():
    if WORDS[0] == "context":
        return {"driver_us": 5000.0, "context_us": 150000.0}
    if WORDS[0] == "library":
        if "library" in FAULTS and WORDS[2] == "cudnnCreate":
            crash()
        return {"load_us": 40000.0, "context_us": 150000.0, "create_us": 2000.0}
    if WORDS[0] == "products":
        one = {"us": spread(4), "difference": 1e-7}
        shape = {"name": "fc1 forward", "height": 128, "depth": 1600, "width": 128}
        return {"products": [{**shape, "pedantic": one, "plain": one, "tf32": None}]}
    copies = [{"bytes": size, "to_device_us": spread(8), "to_host_us": spread(9)} for size in (100352, 1605632)]
    return {
        "properties": {"name": "Fake"},
        "launch": {"launches": 1000, "call_us": spread(2), "end_to_end_us": spread(2.1)},
        "graph_chain": {"launch_us": {"1": spread(3), "512": spread(600)}, "node_us": 1.2, "constant_us": 2},
        "grid_barrier": {"blocks": 128, "threads": 256, "barrier_us": spread(1.1)},
        "pinned_copy": copies,
    }


def doctor():
    path = "/fake/lib/libcudnn.so.9"
    found = {"subject": "cuDNN", "ok": True, "finding": f"9.19, {path}", "fix": None, "details": {"path": path}}
    return {"checks": [found, {"subject": "disk", "ok": False, "finding": "full", "fix": "free some"}]}


def train():
    if "train" in FAULTS:
        print("nib: error: cuda:0: out of memory\nhint: a smaller batch", file=sys.stderr)
        sys.exit(5)
    digits = "b" if "streamed" in FAULTS and "--stream" in WORDS else "a"
    if "hashes" in FAULTS:
        digits = f"{time.monotonic_ns():x}"
    run = pathlib.Path(value_of("--out"))
    run.mkdir(exist_ok=True)
    accuracy = (0.9 if "accuracy" in FAULTS else 0.989) + 1e-4 * int(value_of("--seed", 0))
    record = {"weights_sha256": digits * 64, "test": {"accuracy": accuracy, "loss": 0.03}}
    (run / "run.json").write_text(json.dumps(record))


def evaluate():
    cuda = value_of("--device") == "cuda"
    loss = 0.03 + (1e-5 if cuda and "loss" in FAULTS else 0)
    wrong = 1 if cuda and "confusion" in FAULTS else 0
    return {"test": {"loss": loss, "correct": 9900 - wrong, "confusion_matrix": [[9900 - wrong, 100 + wrong]]}}


def bench(slower=1):
    if "--help" in WORDS:
        return print("--batch N\n" if "no_kernels" in FAULTS else "--batch N\n--kernels own|library\n")
    if "no_kernels" in FAULTS and "--kernels" in WORDS:
        sys.exit("nib: error: --kernels: no such option")
    if "hang" in FAULTS or ("slow_fp32" in FAULTS and value_of("--precision") == "fp32"):
        pathlib.Path(os.environ["FAKE_HUNG"]).write_text(str(os.getpid()))
        time.sleep(600)
    if "strange" in FAULTS:
        return {"something": "else"}
    if "fast" in FAULTS and "--fast" in WORDS:
        sys.exit("nib: error: --fast: cuDNN said no")
    slower *= 2 if value_of("--kernels") == "library" else 1
    seconds = [slower * (0.020 + 0.0005 * i) for i in range(int(value_of("--epochs", 3)))]
    phases = [{"name": "conv1", "milliseconds": 0.01}]
    document = {"training_seconds": seconds, "start_up_seconds": 0.5, "phases": phases}
    if "graph" not in FAULTS:
        document["graph"] = {"kernels": 18, "copies": 1, "memsets": 0}
    return document


def nib():
    if WORDS == ["--version"]:
        return print("nib 0.1.0")
    if WORDS[0] == "doctor" and "doctor" in FAULTS:
        return print("no JSON")
    return {"doctor": doctor, "train": train, "evaluate": evaluate, "bench": bench}[WORDS[0]]()


def googletest(name):
    """The lines that GoogleTest prints of its cases."""

    def case(case_name, result, *said):
        print(f"[ RUN      ] Suite.{case_name}", *said, sep="\n", flush=True)
        print(f"[ {result:>8} ] Suite.{case_name}{', where GetParam() = 1' * (result == 'FAILED ')} (3 ms)", flush=True)

    if "no_report" in FAULTS:
        crash()
    case(f"{name}/{'cpu' if 'no_gpu_cases' in FAULTS else 'gpu'}", "OK")
    if "skip" in FAULTS:
        case("Skipped/gpu", "SKIPPED ")
    if "hanging_test" in FAULTS:
        print("[ RUN      ] Suite.Hanging/gpu", flush=True)
        time.sleep(600)
    if "crashing_test" in FAULTS:
        print("[ RUN      ] Suite.Crashing/gpu", flush=True)
        crash()
    if "fail" in FAULTS:
        case("Failing/gpu", "FAILED ", "tensor.cpp:12: Failure", "Expected: 1", "  Actual: 2")
        print("[  FAILED  ] 1 test, listed below:")
        print("[  FAILED  ] Suite.Failing/gpu, where GetParam() = 1\n\n 1 FAILED TEST")
        sys.exit(1)
    if "fails_without_a_test" in FAULTS:
        sys.exit(1)


def compute_sanitizer():
    program = next(os.path.basename(word) for word in WORDS if os.path.basename(word) in ("nib", "kernels_on_gpu"))
    with open(os.environ["FAKE_SANITIZED"], "a") as file:
        file.write(f"{value_of('--tool')} {program} {value_of('--kernel-name', 'all')}\n")
    if "virtual" in FAULTS:
        print('========= Error: Device not supported. Please refer to the "Supported Devices" section')
        sys.exit(1)
    if "slow_kernel_tests" in FAULTS and program == "kernels_on_gpu":
        time.sleep(600)
    print(f"========= ERROR SUMMARY: {1 if 'memory' in FAULTS else 0} errors")
    print(f"========= RACECHECK SUMMARY: {2 if 'races' in FAULTS else 0} hazards displayed (0 errors, 0 warnings)")


def nvidia_smi():
    if "no_device" in FAULTS or ("nvidia_smi" in FAULTS and WORDS != ["-L"]):
        sys.exit("NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.")
    if WORDS == ["-L"]:
        return print("GPU 0: Fake (UUID: GPU-0)")
    fields = WORDS[0].removeprefix("--query-gpu=").split(",")
    print(", ".join("Fake" if field == "name" else "1" for field in fields))


def python():
    """A Python that has PyTorch and JAX, and runs the peers."""
    if WORDS[0] == "-c":
        return print("" if "no_peers" in FAULTS else "torch jax")
    variant = value_of("--variant")
    if "compiled" in FAULTS and variant == "compiled":
        crash()
    document = bench(slower={"eager": 4, "compiled": 3}.get(variant, 2))
    document["test_accuracy"] = 0.5 if "lazy_peer" in FAULTS and variant == "scan" else 0.99
    pathlib.Path(value_of("--json")).write_text(json.dumps(document))


PROGRAMS = {
    "nib": nib,
    "gpu_micro": gpu_micro,
    "kernels_on_gpu": lambda: googletest("Kernels"),
    "engines_test": lambda: googletest("Engines"),
    "compute-sanitizer": compute_sanitizer,
    "nvidia-smi": nvidia_smi,
    "python": python,
}


def lay_out(folder):
    """Makes folder/bundle as tools/bundle does, and folder/bin with the tools of the machine."""
    text = pathlib.Path(__file__).read_text()
    places = {"nib": "bundle/bin", "compute-sanitizer": "bin", "nvidia-smi": "bin", "python": "bin"}
    for name in PROGRAMS:
        path = folder / places.get(name, "bundle/tests") / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"#!{sys.executable} -IS\n{text}")
        path.chmod(0o755)


if __name__ == "__main__":
    found = PROGRAMS[os.path.basename(sys.argv[0])]()
    if found is not None:
        print(json.dumps(found))
