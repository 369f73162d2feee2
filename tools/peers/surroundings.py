"""What the comparisons with Keras share: the Python that has it, and what figures depend on besides the programs."""

import datetime
import os
import pathlib
import platform
import shlex
import subprocess
import sys
import venv

FOLDER = pathlib.Path(__file__).resolve().parent
PROJECT = FOLDER.parents[1]

# Of x86's, those that decide how fast float32 and 8-bit products are; the kernel's words for them.
INSTRUCTION_SETS = "avx avx2 fma avx512f avx512bw avx512vl avx512_vnni avx512_bf16 avx_vnni amx_tile amx_bf16 amx_int8"


def peers_python():
    """The Python of build/peers-venv, which is made where it is missing or of other requirements."""
    folder = PROJECT / "build/peers-venv"
    finished, requirements = folder / "finished", FOLDER / "requirements.txt"
    if not finished.exists() or finished.read_text() != requirements.read_text():
        print(f"making {folder} with tensorflow-cpu, JAX and onnxruntime (once, about 2 GB)", file=sys.stderr)
        venv.create(folder, clear=True, with_pip=True)
        subprocess.run([folder / "bin/python", "-m", "pip", "install", "-q", "-r", requirements], check=True)
        finished.write_text(requirements.read_text())
    return folder / "bin/python"


def first_line(path, key):
    with open(path) as file:
        return next((line.split(":", 1)[1].strip() for line in file if line.startswith(key)), "unknown")


def instruction_sets(flags):
    """Of the processor's flags, as /proc/cpuinfo has them, those that count here."""
    there = set(flags.split())
    return [name for name in INSTRUCTION_SETS.split() if name in there]


def conditions(threads):
    git = ["git", "-C", PROJECT, "describe", "--always", "--dirty"]
    commit = subprocess.run(git, capture_output=True, text=True).stdout.strip()
    return {
        "date": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M UTC"),
        "commit": commit or "unknown",
        "cpu": first_line("/proc/cpuinfo", "model name"),
        "cores": os.cpu_count(),
        "usable_cores": len(os.sched_getaffinity(0)),
        "instruction_sets": instruction_sets(first_line("/proc/cpuinfo", "flags")),
        "memory_gb": round(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 1e9, 1),
        "threads": threads,
        "system": f"{platform.freedesktop_os_release()['PRETTY_NAME']}, Linux {platform.release()}",
        "load_before": os.getloadavg()[0],
    }


def machine_text(surroundings):
    return (
        f"{surroundings['cpu']}, {surroundings['usable_cores']} of {surroundings['cores']} cores, "
        f"{' '.join(surroundings['instruction_sets']) or 'no AVX'}, {surroundings['memory_gb']:.0f} GB; "
        f"{surroundings['system']}; load before the start {surroundings['load_before']:.2f}"
    )


def command_text(arguments):
    """The script and its arguments, without where programs are on this machine."""
    words = list(arguments)
    for option in ("--python", "--nib"):
        while option in words:
            place = words.index(option)
            del words[place : place + 2]
    return shlex.join([f"tools/peers/{pathlib.Path(sys.argv[0]).name}", *words])
