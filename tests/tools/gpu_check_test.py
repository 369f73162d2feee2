"""tools/gpu_check on a machine whose GPU, programs and tools are fakes: what it reports when they fail."""

import importlib.machinery
import importlib.util
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tarfile
import tempfile
import time
import unittest

import fake_machine

GPU_CHECK = pathlib.Path(__file__).resolve().parents[2] / "tools/gpu_check"
sys.path.insert(0, str(GPU_CHECK.parent / "gpu"))

from commands import Part, run_part
from driver import kept_loaded
from programs import Programs
from record import Record

CALLS = {
    "first": "identity micro speed graph peers".split(),
    "second": "tests determinism cpu_vs_cuda accuracy sanitizer".split(),
}
PARTS = CALLS["first"] + CALLS["second"]


class GpuCheck(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="gpu_check_test-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        fake_machine.lay_out(self.folder)

    def start(self, *options, faults="", device=True):
        # A PATH without the tools of this machine, and a driver, if there is one, that shows no device unless asked to.
        environment = {
            "PYTHONDONTWRITEBYTECODE": "1",
            "PATH": f"{self.folder / 'bin'}:/usr/bin:/bin",
            "CUDA_HOME": str(self.folder),
            "CUDA_VISIBLE_DEVICES": "0" if device else "-1",
            "FAKE_FAULTS": faults,
            "FAKE_HUNG": str(self.folder / "hung"),
            "FAKE_SANITIZED": str(self.folder / "sanitized"),
        }
        words = [sys.executable, GPU_CHECK, self.folder / "out", "--prebuilt", self.folder / "bundle"]
        words += ["--python", self.folder / "bin/python", *options]
        return subprocess.Popen(words, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def check(self, *options, **more):
        """Runs it to its end: exit code, standard error, and the files its calls left, as one document and text."""
        process = self.start(*options, **more)
        _, messages = process.communicate(timeout=120)
        return process.returncode, messages, *self.files()

    def files(self):
        out = self.folder / "out"
        documents = [json.loads(path.read_text()) for path in sorted(out.glob("*.json"))]
        whole = {"parts": {}, "goals": [], "statuses": [document["status"] for document in documents]}
        for document in documents:
            whole["parts"] |= document["parts"]
            whole["goals"] += document["goals"]
        return whole, "".join(path.read_text() for path in sorted(out.glob("*.md")))

    def log(self, call, name):
        with tarfile.open(self.folder / f"out/{call}-logs.tar.gz") as archive:
            return archive.extractfile(f"{call}-logs/{name}").read().decode()

    def names_of_logs(self, call):
        with tarfile.open(self.folder / f"out/{call}-logs.tar.gz") as archive:
            return [pathlib.Path(name).name for name in archive.getnames()]

    def statuses(self, document):
        return {name: part["status"] for name, part in document["parts"].items()}

    def problems(self, document, part):
        return "\n".join(document["parts"][part]["problems"])

    def test_passes_where_everything_does(self):
        code, messages, document, text = self.check()
        self.assertEqual(self.statuses(document), dict.fromkeys(PARTS, "passed"), messages)
        self.assertEqual((code, document["statuses"]), (0, ["passed", "passed"]))
        self.assertEqual([goal["met"] for goal in document["goals"]], [True, True])
        self.assertEqual(document["parts"]["identity"]["figures"]["libraries"]["libcudnn"], "/fake/lib/libcudnn.so.9")
        self.assertEqual(len(document["parts"]["determinism"]["figures"]["tf32"]["resident"]), 5)
        self.assertEqual(len(document["parts"]["accuracy"]["figures"]["runs"]), 10)
        peers = document["parts"]["peers"]["figures"]
        self.assertEqual(list(peers["tf32"]), ["nib", "torch eager", "torch graph", "jax jit", "jax scan"])
        self.assertEqual(list(peers), ["tf32", "fp32", "tf32 compiled"])
        self.assertEqual(list(peers["tf32 compiled"]), ["nib", "torch compiled"])
        self.assertEqual([len(peers[title]["nib"]) for title in peers], [5, 5, 2])
        self.assertAlmostEqual(document["parts"]["speed"]["figures"]["tf32 --stream ms"]["median"], 22.25)
        self.assertAlmostEqual(document["parts"]["speed"]["figures"]["fp32 --kernels library ms"]["median"], 44.5)
        self.assertIn("- disk: full; fix: free some", text)
        self.assertIn("| tf32 --stream | 22.25 | 20.45 | 24.05 |", text)
        self.assertIn("| torch eager | 89.00 |", text)
        self.assertIn("| fc1 forward | 128x1600x128 | 4.00 | 4.00 | refused | 1.0e-07 |  |", text)
        self.assertIn("| kernels | 18 |", text)
        self.assertIn("Phases, us a step: uncaptured steps, launch cost included", text)
        self.assertRegex(text, "- Driver between the processes of this check: (not )?kept loaded")
        self.assertNotIn("missing", text.lower())
        self.assertNotIn("not in this build", text)
        self.assertIn("speed-02-nib.log", self.names_of_logs("first"))
        left = sorted(path.name for path in (self.folder / "out").iterdir())
        self.assertEqual(left, [f"{call}{end}" for call in CALLS for end in ("-logs.tar.gz", ".json", ".md")])

    def test_one_failure_hides_no_other(self):
        faults = "nvidia_smi doctor library skip fail hashes loss confusion fast accuracy compiled lazy_peer"
        code, _, document, text = self.check("--quick", faults=faults)
        self.assertEqual(code, 1)
        expected = dict.fromkeys(PARTS, "failed") | {"graph": "passed", "sanitizer": "could not run"}
        self.assertEqual(self.statuses(document), expected)
        self.assertIn("printed no JSON", self.problems(document, "identity"))
        self.assertIn("cuDNN: gpu_micro died of SIGSEGV", self.problems(document, "micro"))
        self.assertIn("Suite.Skipped/gpu skipped", self.problems(document, "tests"))
        self.assertIn("Suite.Failing/gpu failed: tensor.cpp:12: Failure Expected: 1", self.problems(document, "tests"))
        self.assertIn("tf32: 2 runs with one seed gave 2 different weights", self.problems(document, "determinism"))
        self.assertIn("confusion matrices differ", self.problems(document, "cpu_vs_cuda"))
        self.assertIn("losses differ by 1.00e-05", self.problems(document, "cpu_vs_cuda"))
        self.assertIn("nib bench tf32 --fast: nib ended with exit code 1", self.problems(document, "speed"))
        self.assertIn("the mean is below", self.problems(document, "accuracy"))
        self.assertIn("torch compiled tf32: python died of SIGSEGV", self.problems(document, "peers"))
        self.assertIn("jax scan tf32: 5 epochs were timed, and its test ac", self.problems(document, "peers"))
        # What stands beside a failure was measured all the same.
        self.assertIn("| torch eager |", text)
        self.assertIn("| tf32 --stream |", text)
        self.assertIn("loading cuBLAS", text)
        self.assertIn("cuDNN said no", self.log("first", "speed-04-nib.log"))

    def test_finds_what_the_sanitizer_finds(self):
        code, _, document, text = self.check("--only", "sanitizer", faults="memory races")
        self.assertEqual(code, 1)
        self.assertIn("memcheck of nib: 1 findings", self.problems(document, "sanitizer"))
        self.assertIn("racecheck of kernels_on_gpu: 2 findings", self.problems(document, "sanitizer"))
        self.assertEqual(text.count("findings or failure"), 4)

    def test_the_sanitizer_looks_at_the_training_first_and_there_at_own_kernels_alone(self):
        _, _, _, text = self.check("--only", "sanitizer")
        own = "kernel_substring=nib"
        expected = [f"memcheck nib {own}", f"racecheck nib {own}", "memcheck kernels_on_gpu all"]
        expected.append(f"racecheck kernels_on_gpu {own}")
        self.assertEqual((self.folder / "sanitized").read_text().splitlines(), expected)
        self.assertIn("| nib | memcheck | nib's own | nothing found |", text)
        self.assertIn("| kernels_on_gpu | memcheck | all | nothing found |", text)

    def test_does_without_nvidia_smi(self):
        code, _, document, text = self.check("--only", "identity", faults="nvidia_smi")
        self.assertEqual((code, self.statuses(document)), (0, {"identity": "passed"}))
        self.assertRegex(text, "- GPU: as nib doctor has it below, .*couldn't communicate")
        self.assertIn("- disk: full", text)

    def test_times_builds_without_a_choice_of_kernels(self):
        code, _, document, text = self.check("--only", "speed,graph", faults="no_kernels")
        self.assertEqual((code, self.statuses(document)), (0, {"speed": "passed", "graph": "passed"}))
        self.assertEqual(text.count("- `--kernels own|library`: not in this build"), 2)
        self.assertEqual([goal["met"] for goal in document["goals"]], [True])
        self.assertIn("| tf32 | 22.25 |", text)

    def test_a_virtual_gpu_has_no_sanitizer(self):
        code, _, document, _ = self.check("--only", "sanitizer", faults="virtual")
        self.assertEqual((code, self.statuses(document)), (0, {"sanitizer": "could not run"}))
        self.assertIn("Device not supported", document["parts"]["sanitizer"]["reason"])

    def test_keeps_what_tests_had_said_before_their_end(self):
        code, _, document, text = self.check("--only", "tests", faults="skip crashing_test")
        self.assertEqual((code, self.statuses(document)), (1, {"tests": "failed"}))
        self.assertIn("kernels_on_gpu died of SIGSEGV", self.problems(document, "tests"))
        self.assertIn("1 tests had passed, Suite.Crashing/gpu was running", self.problems(document, "tests"))
        self.assertIn("Suite.Skipped/gpu skipped", self.problems(document, "tests"))
        self.assertIn("| engines_test | 1 | 0 | 1 |", text)

    def test_keeps_what_tests_had_said_when_the_time_is_over(self):
        code, _, document, text = self.check("--only", "tests", "--seconds", "2", faults="hanging_test")
        self.assertEqual((code, self.statuses(document)), (0, {"tests": "cut short"}))
        self.assertEqual(document["parts"]["tests"]["missing"], ["kernels_on_gpu", "engines_test"])
        self.assertIn("| kernels_on_gpu | 1 | 0 | 0 |", text)

    def test_notices_programs_that_end_before_their_tests(self):
        code, _, document, _ = self.check("--only", "tests,cpu_vs_cuda,graph", faults="no_report")
        self.assertEqual(code, 1)
        self.assertEqual(self.statuses(document), {"tests": "failed", "cpu_vs_cuda": "failed", "graph": "passed"})
        self.assertIn("kernels_on_gpu died of SIGSEGV: it said nothing; 0 tests", self.problems(document, "tests"))

    def test_an_exit_code_that_no_test_explains_is_a_failure(self):
        code, _, document, _ = self.check("--only", "tests", faults="fails_without_a_test")
        self.assertEqual((code, self.statuses(document)), (1, {"tests": "failed"}))
        self.assertIn("kernels_on_gpu ended with exit code 1", self.problems(document, "tests"))

    def test_tests_that_are_not_there_did_not_pass(self):
        code, _, document, _ = self.check("--only", "cpu_vs_cuda", faults="no_gpu_cases")
        self.assertEqual((code, self.statuses(document)), (1, {"cpu_vs_cuda": "failed"}))
        self.assertIn("has no such tests", self.problems(document, "cpu_vs_cuda"))

    def test_streamed_training_must_give_the_resident_weights(self):
        code, _, document, _ = self.check("--only", "determinism", faults="streamed")
        self.assertEqual(code, 1)
        self.assertIn("tf32: streamed training gave other weights", self.problems(document, "determinism"))

    def test_says_why_a_training_failed(self):
        code, _, document, _ = self.check("--only", "determinism,accuracy,graph", faults="train")
        self.assertEqual(code, 1)
        self.assertIn("exit code 5: nib: error: cuda:0: out of memory", self.problems(document, "accuracy"))
        self.assertEqual(self.statuses(document)["graph"], "passed")

    def test_what_cannot_run_says_why_and_fails_nothing(self):
        only = ["graph", "peers"]
        if not shutil.which("compute-sanitizer", path="/usr/bin:/bin:/usr/local/cuda/bin"):
            (self.folder / "bin/compute-sanitizer").unlink()
            only.append("sanitizer")
        code, _, document, _ = self.check("--only", ",".join(only), faults="graph no_peers")
        self.assertEqual((code, self.statuses(document)), (0, dict.fromkeys(only, "could not run")))
        reasons = "\n".join(part["reason"] for part in document["parts"].values())
        self.assertIn("nib bench --json has no 'graph'", reasons)
        self.assertIn("neither PyTorch nor JAX is installed", reasons)

    def test_survives_documents_it_does_not_understand(self):
        code, _, document, _ = self.check("--only", "speed,graph,accuracy", faults="strange")
        expected = {"speed": "failed", "graph": "could not run", "accuracy": "passed"}
        self.assertEqual((code, self.statuses(document)), (1, expected))
        self.assertIn("KeyError: 'training_seconds'", self.problems(document, "speed"))
        self.assertIn("Traceback", document["parts"]["speed"]["figures"]["traceback"][0])

    def test_a_missing_program_fails_its_parts_alone(self):
        (self.folder / "bundle/tests/gpu_micro").unlink()
        code, messages, document, _ = self.check("--only", "micro,graph")
        self.assertEqual((code, self.statuses(document)), (1, {"micro": "failed", "graph": "passed"}))
        self.assertIn("missing", messages)
        self.assertIn("No such file or directory", self.problems(document, "micro"))

    def test_what_exceeds_its_own_limit_fails(self):
        record = Record(self.folder / "out", "first", "check")
        part = Part(record.add("graph", "Graph"), record, Programs(self.folder), None, 0.2, time.monotonic() + 600)
        run_part(lambda part: part.run(["sleep", 600]), part)
        self.assertEqual((part.section.status, part.section.missing), ("failed", []))
        self.assertIn("sleep was stopped by its time limit", part.section.problems[0])

    def test_the_end_of_the_time_fails_nothing_and_is_told(self):
        code, _, document, text = self.check("--only", "sanitizer", "--seconds", "3", faults="slow_kernel_tests")
        self.assertEqual((code, document["statuses"]), (0, ["passed; time was over in: sanitizer"]))
        self.assertEqual(self.statuses(document), {"sanitizer": "cut short"})
        missing = ["memcheck of kernels_on_gpu", "racecheck of kernels_on_gpu"]
        self.assertEqual(document["parts"]["sanitizer"]["missing"], missing)
        self.assertIn("| nib | racecheck | nib's own | nothing found |", text)
        self.assertIn("| kernels_on_gpu | memcheck | all | missing |", text)

    def test_peers_that_were_cut_short_keep_their_figures_and_failures(self):
        code, _, document, text = self.check("--only", "peers", "--seconds", "6", faults="slow_fp32 lazy_peer")
        self.assertEqual((code, self.statuses(document)), (1, {"peers": "failed"}))
        self.assertEqual(len(document["parts"]["peers"]["problems"]), 1)
        self.assertIn("jax scan tf32", self.problems(document, "peers"))
        missing = document["parts"]["peers"]["missing"]
        self.assertIn("torch eager fp32", missing)
        self.assertIn("torch compiled tf32", missing)
        self.assertNotIn("torch eager tf32", missing)
        self.assertIn("| torch eager | 89.00 |", text)
        self.assertNotIn("| FP32 |", text)
        self.assertEqual([goal["met"] for goal in document["goals"]], [True])

    def test_each_call_has_its_own_parts(self):
        for call, parts in CALLS.items():
            code, _, document, _ = self.check("--call", call, "--only", f"{parts[1]},{parts[2]}", "--quick")
            self.assertEqual(code, 0)
            self.assertEqual(list(self.statuses(document))[-2:], parts[1:3])
        self.assertEqual(document["statuses"], ["passed", "passed"])

    def test_tests_and_trainings_that_were_cut_short_did_not_fail(self):
        code, _, document, _ = self.check("--only", "tests,determinism,cpu_vs_cuda,accuracy", "--seconds", "0")
        self.assertEqual((code, set(self.statuses(document).values())), (0, {"could not run"}), document)

    def start_hanging(self):
        """A check that has done one part and hangs in the next; also the process that hangs."""
        process = self.start("--only", "micro,speed,graph,determinism", faults="hang")
        hung = self.folder / "hung"
        end = time.monotonic() + 60
        while not (hung.exists() and hung.read_text()):
            self.assertLess(time.monotonic(), end, "the fake nib bench was never started")
            time.sleep(0.02)
        return process, int(hung.read_text())

    def test_ends_cleanly_on_a_signal(self):
        process, hung = self.start_hanging()
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
        document, text = self.files()
        self.assertEqual(process.returncode, 128 + signal.SIGTERM)
        self.assertEqual(document["statuses"], ["interrupted by SIGTERM"])
        expected = {"micro": "passed", "speed": "interrupted", "graph": "not reached"}
        self.assertEqual(self.statuses(document), expected)
        self.assertIn("| micro | passed |", text)
        self.assertIn("micro-02-gpu_micro.log", self.names_of_logs("first"))
        with self.assertRaises(ProcessLookupError):
            os.kill(hung, 0)

    def test_leaves_what_was_done_when_killed(self):
        process, hung = self.start_hanging()
        process.kill()
        process.communicate(timeout=60)
        os.kill(hung, signal.SIGKILL)
        document, _ = self.files()
        expected = {"micro": "passed", "speed": "running", "graph": "not reached"}
        self.assertEqual((document["statuses"], self.statuses(document)), (["running"], expected))
        self.assertTrue((self.folder / "out/first-logs/micro-02-gpu_micro.log").exists())

    def test_is_honest_without_a_device(self):
        code, messages, document, text = self.check(faults="no_device", device=False)
        line = "no CUDA device: nothing of this was run on a GPU"
        self.assertEqual((code, document["statuses"]), (5, [line, line]))
        self.assertIn(line, messages)
        self.assertIn(line, text)
        self.assertEqual(set(self.statuses(document).values()), {"could not run"})

    def test_refuses_wrong_usage(self):
        process = self.start("--only", "micro,nonsense")
        _, messages = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 2)
        self.assertIn("no part is called 'nonsense'", messages)
        process = self.start("--prebuilt", self.folder)
        _, messages = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 2)
        self.assertIn("tools/bundle", messages)


class FakeDriver:
    """libcuda.so.1 with one GPU, in the given compute mode; fails at the function of this name."""

    def __init__(self, compute_mode=0, failing=""):
        self.compute_mode, self.failing, self.calls = compute_mode, failing, []

    def __getattr__(self, name):
        def function(*arguments):
            self.calls.append(name)
            if name == "cuDeviceGetAttribute":
                arguments[0]._obj.value = self.compute_mode
            return 46 if name == self.failing else 0

        function.__name__ = name
        return function


class KeptLoaded(unittest.TestCase):
    def test_holds_a_context_to_the_end(self):
        driver = FakeDriver()
        with kept_loaded(lambda name: driver) as line:
            self.assertEqual(line, "kept loaded by a context")
            self.assertEqual(driver.calls[-1], "cuDevicePrimaryCtxRetain")
        self.assertEqual(driver.calls[-1], "cuDevicePrimaryCtxRelease_v2")

    def test_keeps_no_process_from_an_exclusive_gpu(self):
        driver = FakeDriver(compute_mode=3)
        with kept_loaded(lambda name: driver) as line:
            self.assertIn("one process at a time", line)
        self.assertNotIn("cuDevicePrimaryCtxRetain", driver.calls)

    def test_goes_on_without(self):
        driver = FakeDriver(failing="cuDevicePrimaryCtxRetain")
        with kept_loaded(lambda name: driver) as line:
            self.assertEqual(line, "not kept loaded (cuDevicePrimaryCtxRetain gave error 46)")
        self.assertNotIn("cuDevicePrimaryCtxRelease_v2", driver.calls)

        def missing(name):
            raise OSError(f"{name}: no such file")

        with kept_loaded(missing) as line:
            self.assertEqual(line, "not kept loaded (libcuda.so.1: no such file)")


if __name__ == "__main__":
    unittest.main()
