"""Which GPU, driver, libraries and program the other parts' figures belong to."""

import contextlib
import csv
import json
import os
import pathlib
import platform
import time

from commands import Failed
from programs import output_of

# Only ever read: this check changes no setting of the GPU.
NVIDIA_SMI_FIELDS = [
    "name",
    "compute_cap",
    "memory.total",
    "memory.used",
    "driver_version",
    "clocks.sm",
    "clocks.max.sm",
    "clocks.mem",
    "clocks.max.mem",
    "power.limit",
    "temperature.gpu",
    "persistence_mode",
    "ecc.mode.current",
    "utilization.gpu",
]


def nvidia_smi(part):
    text = part.run(["nvidia-smi", f"--query-gpu={','.join(NVIDIA_SMI_FIELDS)}", "--format=csv,noheader"])
    rows = csv.reader(text.splitlines(), skipinitialspace=True)
    return [dict(zip(NVIDIA_SMI_FIELDS, row)) for row in rows]


def doctor(part):
    """nib doctor's own view. It exits with another code than 0 where something needs a fix; its document counts."""
    text = part.run([part.programs.nib, "doctor", "--json"], expected=range(128))
    try:
        return json.loads(text)
    except ValueError:
        raise Failed("nib doctor --json printed no JSON") from None


def library_paths(document):
    """The files of cuDNN and cuBLAS that nib doctor names; else just their names, which the loader finds where they are
    installed for all."""
    found = {"libcudnn": "libcudnn.so.9", "libcublas": "libcublas.so.13"}
    for check in document.get("checks", []):
        path = (check.get("details") or {}).get("path", "")
        name = os.path.basename(path).split(".so")[0]
        if name in found:
            found[name] = path
    return found


def warm_libraries(programs, seconds=100):
    """Reads all of cuDNN and cuBLAS once, over a gigabyte, so that no part waits for the disk. What nib doctor says of
    them is the identity part's matter; here it only tells where they are."""
    end = time.monotonic() + seconds
    text = output_of([programs.nib, "doctor", "--json"], programs.environment(), seconds)
    with contextlib.suppress(ValueError, OSError):
        for name, path in library_paths(json.loads(text)).items():
            for file in pathlib.Path(path).parent.glob(f"{name}*.so*") if os.path.isabs(path) else ():
                with open(file, "rb", buffering=0) as stream:
                    while time.monotonic() < end and stream.read(1 << 24):
                        pass


def processor():
    with open("/proc/cpuinfo") as file:
        names = [line.split(":", 1)[1].strip() for line in file if line.startswith("model name")]
    return {
        "name": names[0] if names else platform.machine(),
        "usable_cores": len(os.sched_getaffinity(0)),
        "load": os.getloadavg()[0],
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "libc": " ".join(platform.libc_ver()),
        "python": platform.python_version(),
    }


def say_gpus(part):
    """What nvidia-smi knows. Many containers lack it, which is no failure, as nib doctor names GPU and driver too."""
    try:
        gpus = part.figures["nvidia_smi"] = nvidia_smi(part)
    except Failed as failure:
        part.say(f"- GPU: as nib doctor has it below, without nvidia-smi ({failure})")
        return
    for gpu in gpus:
        part.say(
            f"- GPU: {gpu['name']}, compute capability {gpu['compute_cap']}, {gpu['memory.total']}, "
            f"driver {gpu['driver_version']}, {gpu['clocks.sm']} (at most {gpu['clocks.max.sm']}), "
            f"{gpu['temperature.gpu']} C"
        )


def identity(part):
    figures = part.figures
    figures["processor"] = processor()
    part.say(f"- CPU: {figures['processor']['name']}, {figures['processor']['usable_cores']} cores usable")
    with part.attempt("nvidia-smi"):
        say_gpus(part)
    part.say(f"- Driver between the processes of this check: {part.record.header['driver_kept']}")
    with part.attempt("nib"):
        figures["nib"] = part.run([part.programs.nib, "--version"]).strip()
        part.say(f"- {figures['nib']}, commit {part.record.header.get('commit', 'unknown')}")
    with part.attempt("nib doctor"):
        figures["doctor"] = doctor(part)
        for check in figures["doctor"].get("checks", []):
            fix = f"; fix: {check['fix']}" if check.get("fix") else ""
            part.say(f"- {check['subject']}: {check['finding']}{fix}")
    figures["libraries"] = library_paths(figures.get("doctor", {}))


def libraries(part):
    """As the identity part found them; it may have been left out."""
    section = part.record.sections.get("identity")
    if section and "libraries" in section.figures:
        return section.figures["libraries"]
    document = {}
    with contextlib.suppress(Failed):
        document = doctor(part)
    return library_paths(document)
