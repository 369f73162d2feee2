"""Whether both calls of tools/gpu_check fit their time: the real script and the fakes, whose durations are assumed."""

import importlib.machinery
import importlib.util
import json
import os
import pathlib
import sys
import tempfile
import time
import unittest
from unittest import mock

import fake_machine

GPU_CHECK = pathlib.Path(__file__).resolve().parents[2] / "tools/gpu_check"
sys.path.insert(0, str(GPU_CHECK.parent / "gpu"))

import commands

MOST_SECONDS = 480  # a call

# Seconds a command takes on a machine with an H100, estimated: none of it was measured. The first entry counts whose
# words are all in the command.
ASSUMED = [
    (["compute-sanitizer", "memcheck", "kernels_on_gpu"], 40),
    (["compute-sanitizer", "racecheck", "kernels_on_gpu"], 50),
    (["compute-sanitizer", "memcheck"], 20),
    (["compute-sanitizer", "racecheck"], 25),
    (["gpu_micro", "context"], 0.5),
    (["gpu_micro", "library"], 1.15),
    (["gpu_micro"], 2),
    (["nvidia-smi"], 0.5),
    (["nib", "--version"], 0.05),
    (["nib", "doctor"], 5),
    (["nib", "evaluate"], 2.5),
    (["nib", "train"], 2.6),  # and its epochs
    (["nib", "bench"], 2.7),
    (["kernels_on_gpu"], 15),
    (["engines_test", "--gtest_filter=*/gpu*"], 40),
    (["engines_test"], 6),
    (["python", "torch.py", "compiled"], 40),
    (["python", "torch.py"], 9),
    (["python", "jax.py"], 13),
]
EPOCH_SECONDS = 0.055


def assumed_seconds(words):
    """Of a command, in which paths count by their last part."""
    names = [word if word.startswith("-") else os.path.basename(word) for word in words]
    seconds = next(seconds for wanted, seconds in ASSUMED if all(name in names for name in wanted))
    epochs = int(names[names.index("--epochs") + 1]) if "--epochs" in names else 0
    return seconds + EPOCH_SECONDS * epochs


class Clock:
    """Stands still but while commands run, and then goes as long as they are assumed to."""

    def __init__(self, slower):
        self.now, self.slower = 1000.0, slower

    def monotonic(self):
        return self.now

    def wait(self, part, words, *more):
        seconds, left = self.slower * assumed_seconds(words), part.time_left()
        self.now += min(seconds, left)
        if seconds > left:
            return None
        with mock.patch.object(part, "time_left", return_value=60):
            return real_wait(part, words, *more)


real_wait = commands.Part.wait


def gpu_check():
    loader = importlib.machinery.SourceFileLoader("gpu_check", str(GPU_CHECK))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("gpu_check", loader))
    loader.exec_module(module)
    return module


class Time(unittest.TestCase):
    def check(self, slower):
        """Exit code and both documents of a whole check on a machine so many times slower."""
        with tempfile.TemporaryDirectory(prefix="gpu_check_time_test-") as name:
            folder = pathlib.Path(name)
            fake_machine.lay_out(folder)
            environment = {
                "PATH": f"{folder / 'bin'}:/usr/bin:/bin",
                "CUDA_HOME": str(folder),
                "CUDA_VISIBLE_DEVICES": "0",
                "FAKE_FAULTS": "",
                "FAKE_SANITIZED": str(folder / "sanitized"),
            }
            words = ["gpu_check", str(folder / "out"), "--prebuilt", str(folder / "bundle")]
            words += ["--python", str(folder / "bin/python")]
            clock, module = Clock(slower), gpu_check()
            with (
                mock.patch.dict(os.environ, environment),
                mock.patch.object(sys, "argv", words),
                mock.patch.object(sys, "stdout"),
                mock.patch.object(sys, "stderr"),
                mock.patch.object(module, "stop_on_signals"),
                mock.patch.object(time, "monotonic", clock.monotonic),
                mock.patch.object(commands.Part, "wait", lambda part, *more: clock.wait(part, *more)),
            ):
                code = module.main()
            return code, [json.loads((folder / f"out/{call}.json").read_text()) for call in module.CALLS]

    def expect_to_fit(self, slower):
        code, documents = self.check(slower)
        for document in documents:
            times = {name: (part["status"], part["seconds"]) for name, part in document["parts"].items()}
            self.assertEqual(document["status"], "passed", times)
            self.assertLess(document["seconds"], MOST_SECONDS, times)
            self.assertEqual({status for status, _ in times.values()}, {"passed"}, times)
        self.assertEqual(code, 0)
        return [document["seconds"] for document in documents]

    def test_fits_on_the_assumed_machine(self):
        self.expect_to_fit(1)

    def test_fits_on_a_machine_1_7_times_slower(self):
        for seconds in self.expect_to_fit(1.7):
            self.assertGreater(seconds, MOST_SECONDS / 2, "the clock did not go with the commands")

    def test_nothing_of_a_far_slower_machine_takes_longer_or_is_lost(self):
        _, documents = self.check(5)
        for document in documents:
            self.assertLess(document["seconds"], MOST_SECONDS)
            for name, part in document["parts"].items():
                self.assertIn(part["status"], ("passed", "failed", "cut short", "could not run"), name)
                if part["status"] == "failed":
                    self.assertIn("time", " ".join(part["problems"]), name)

    def test_limits_are_within_the_time_of_a_call(self):
        module = gpu_check()
        for parts in module.CALLS.values():
            limits = [limit for _, _, limit, _ in parts]
            self.assertEqual(limits.pop(), float("inf"))
            self.assertLess(sum(limits), module.SECONDS)
        self.assertLess(module.SECONDS, MOST_SECONDS)


if __name__ == "__main__":
    unittest.main()
