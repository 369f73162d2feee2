"""The tests that need a GPU, as they are and under compute-sanitizer."""

import os
import pathlib
import random
import re
import shutil
import struct

from commands import CutShort, Failed, Unavailable
from record import table


RESULTS = {"OK": "passed", "FAILED": "failed", "SKIPPED": "skipped"}
GOOGLETEST_LINE = re.compile(r"\[ *(RUN|OK|FAILED|SKIPPED) *\] ([^ ,]+)(.*)")


def test_cases(text):
    """All cases that GoogleTest's standard output tells of: (name, "passed", "failed", "skipped" or "ended it", what it
    said). These lines are there when the program is killed or crashes, too, which its JSON report is not; the case that
    has begun and not ended is the one that did so."""
    cases, running, told = [], None, []
    for line in text.splitlines():
        found = GOOGLETEST_LINE.fullmatch(line)
        if found and found[1] == "RUN":
            running, told = found[2], []
        elif found and found[2] == running:
            why = " ".join(" ".join(told).split())[:200] if found[1] == "FAILED" else ""
            cases.append((running, RESULTS[found[1]], why))
            running = None
        else:
            told.append(line)
    return cases + ([(running, "ended it", "")] if running else [])


def run_tests(part, program, options=(), wanted=r""):
    """Runs a GoogleTest program. What is not passed is a problem, a skipped case too, and so is having no case whose
    name `wanted` is found in. Returns how many passed, failed and were skipped, where it was stopped up to there."""
    text, ending = "", None
    try:
        text = part.run([program, *options])
    except CutShort as cut:
        text = cut.output
        part.miss(program.name)
    except Failed as failure:
        text, ending = failure.output, str(failure)
    cases = test_cases(text)
    counts = {result: sum(case[1] == result for case in cases) for result in RESULTS.values()}
    bad = [case for case in cases if case[1] in ("failed", "skipped")]
    last = [name for name, result, _ in cases if result == "ended it"]
    if ending and (last or not counts["failed"]):
        part.problem(f"{ending}; {counts['passed']} tests had passed" + (f", {last[0]} was running" if last else ""))
    ended = ending is None and program.name not in part.section.missing
    if ended and not any(re.search(wanted, case[0]) for case in cases):
        part.problem(f"{program.name}: has no such tests")
    most_named = 10
    for name, result, why in bad[:most_named]:
        part.problem(f"{name} {result}{': ' + why if why else ''}")
    if len(bad) > most_named:
        part.problem(f"{program.name}: {len(bad) - most_named} more did not pass")
    return counts | {"not_passed": [name for name, *_ in bad]}


def gpu_tests(part):
    rows = []
    for program, options in ((part.programs.kernel_tests, []), (part.programs.engine_tests, ["--gtest_filter=*/gpu*"])):
        counts = part.figures[program.name] = run_tests(part, program, options)
        rows.append([program.name, *(counts.get(key, "?") for key in ("passed", "failed", "skipped"))])
    part.say(*table(["program", "passed", "failed", "skipped"], rows))


def write_idx(path, dimensions, values):
    path.write_bytes(struct.pack(f">4B{len(dimensions)}I", 0, 0, 8, len(dimensions), *dimensions) + bytes(values))


def small_set(folder, training=32, test=16, size=28):
    """A data set of random images, on which a training is two steps of 16."""
    folder = pathlib.Path(folder)
    folder.mkdir()
    source = random.Random(0)
    for name, count in (("train", training), ("t10k", test)):
        pixels = source.randbytes(count * size * size)
        write_idx(folder / f"{name}-images-idx3-ubyte", [count, size, size], pixels)
        write_idx(folder / f"{name}-labels-idx1-ubyte", [count], [i % 10 for i in range(count)])
    return folder


def find_sanitizer():
    places = [os.environ.get("CUDA_HOME", "/usr/local/cuda") + "/bin", "/usr/local/cuda/bin"]
    for path in (None, *places):
        found = shutil.which("compute-sanitizer", path=path)
        if found:
            return found
    raise Unavailable("compute-sanitizer is not installed")


SUMMARIES = {
    "memcheck": re.compile(r"ERROR SUMMARY: (\d+) error"),
    "racecheck": re.compile(r"RACECHECK SUMMARY: (\d+) hazard"),
}

NOT_HERE = re.compile("Device not supported", re.IGNORECASE)


def sanitize(part, tool, program, words, own_kernels):
    """One program under one tool. nib checks every call itself, so what calls report is left out, as the tests provoke
    failed ones. `own_kernels`: this project's kernels alone are instrumented, not those of cuDNN and cuBLAS."""
    options = ["--tool", tool, "--report-api-errors", "no"]
    if own_kernels:
        options += ["--kernel-name", "kernel_substring=nib"]
    try:
        text = part.run([find_sanitizer(), *options, program, *words])
    except Failed as failure:
        text = failure.output
        if not NOT_HERE.search(text):
            raise
    if found := NOT_HERE.search(text):
        raise Unavailable(f"compute-sanitizer says: {found[0]} (as it does on many virtual machines)")
    counts = SUMMARIES[tool].findall(text)
    if not counts:
        raise Failed("compute-sanitizer gave no summary")
    found = sum(map(int, counts))
    if found:
        raise Failed(f"{found} findings; see {part.record.archive}")


def sanitizer(part):
    if part.options.quick:
        raise Unavailable("left out by --quick")
    find_sanitizer()
    data = small_set(pathlib.Path(part.scratch) / "set")
    run = pathlib.Path(part.scratch) / "run"
    training = ["train", "--device", "cuda", "--data", data, "--batch", 16, "--validation-split", 0, "--epochs", 1]
    training += ["--out", run, "--force", "--quiet", "--no-pictures"]
    rows = []
    # What users run comes first, as two steps of training are much shorter than all tests.
    for program, words in ((part.programs.nib, training), (part.programs.kernel_tests, [])):
        for tool in SUMMARIES:
            what, result = f"{tool} of {program.name}", "findings or failure"
            own_kernels = tool == "racecheck" or program == part.programs.nib
            with part.attempt(what):
                sanitize(part, tool, program, words, own_kernels)
                result = "nothing found"
            if what in part.section.missing:
                result = "missing"
            part.figures[f"{program.name}_{tool}"] = result
            rows.append([program.name, tool, "nib's own" if own_kernels else "all", result])
    part.say(*table(["program", "tool", "kernels looked at", "result"], rows))
