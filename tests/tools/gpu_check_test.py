"""tools/gpu_check on a machine whose GPU, programs and tools are fakes: what it reports when they fail."""

import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

import fake_machine

GPU_CHECK = pathlib.Path(__file__).resolve().parents[2] / "tools/gpu_check"
PARTS = "identity micro tests determinism cpu_vs_cuda speed graph accuracy sanitizer peers".split()


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
        }
        words = [sys.executable, GPU_CHECK, self.folder / "out", "--prebuilt", self.folder / "bundle"]
        words += ["--python", self.folder / "bin/python", *options]
        return subprocess.Popen(words, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def check(self, *options, **more):
        """Runs it to its end: exit code, standard error, and the two files it left."""
        process = self.start(*options, **more)
        _, messages = process.communicate(timeout=120)
        return process.returncode, messages, *self.files()

    def files(self):
        out = self.folder / "out"
        return json.loads((out / "gpu_check.json").read_text()), (out / "gpu_check.md").read_text()

    def statuses(self, document):
        return {name: part["status"] for name, part in document["parts"].items()}

    def problems(self, document, part):
        return "\n".join(document["parts"][part]["problems"])

    def test_passes_where_everything_does(self):
        code, messages, document, text = self.check()
        self.assertEqual(self.statuses(document), dict.fromkeys(PARTS, "passed"), messages)
        self.assertEqual((code, document["status"]), (0, "passed"))
        self.assertEqual([goal["met"] for goal in document["goals"]], [True, True])
        self.assertEqual(document["parts"]["identity"]["figures"]["libraries"]["libcudnn"], "/fake/lib/libcudnn.so.9")
        self.assertEqual(len(document["parts"]["determinism"]["figures"]["tf32"]["resident"]), 5)
        self.assertEqual(len(document["parts"]["accuracy"]["figures"]["runs"]), 10)
        self.assertEqual(len(document["parts"]["peers"]["figures"]["tf32"]["nib"]), 6)
        self.assertAlmostEqual(document["parts"]["speed"]["figures"]["tf32 --stream ms"]["median"], 44.5)
        self.assertIn("- disk: full; fix: free some", text)
        self.assertIn("| tf32 --stream | 44.50 | 40.90 | 48.10 |", text)
        self.assertIn("| torch eager | 178.00 |", text)
        self.assertIn("| kernels | 18 |", text)

    def test_one_failure_hides_no_other(self):
        faults = "nvidia_smi doctor library skip fail hashes loss confusion fast accuracy compiled lazy_peer"
        code, _, document, text = self.check("--quick", faults=faults)
        self.assertEqual(code, 1)
        expected = dict.fromkeys(PARTS, "failed") | {"graph": "passed", "sanitizer": "could not run"}
        self.assertEqual(self.statuses(document), expected)
        self.assertIn("couldn't communicate", self.problems(document, "identity"))
        self.assertIn("printed no JSON", self.problems(document, "identity"))
        self.assertIn("cuDNN: gpu_micro died of SIGSEGV", self.problems(document, "micro"))
        self.assertIn("Suite.Skipped/gpu skipped", self.problems(document, "tests"))
        self.assertIn("Suite.Failing/gpu failed: tensor.cpp:12 Expected: 1", self.problems(document, "tests"))
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
        self.assertIn("cuDNN said no", (self.folder / "out/logs/speed-03-nib.log").read_text())

    def test_finds_what_the_sanitizer_finds(self):
        code, _, document, text = self.check("--only", "sanitizer", faults="memory races")
        self.assertEqual(code, 1)
        self.assertIn("memcheck of nib: 1 findings", self.problems(document, "sanitizer"))
        self.assertIn("racecheck of kernels_on_gpu: 2 findings", self.problems(document, "sanitizer"))
        self.assertEqual(text.count("findings or failure"), 4)

    def test_notices_programs_that_end_without_a_report(self):
        code, _, document, _ = self.check("--only", "tests,cpu_vs_cuda,graph", faults="no_report")
        self.assertEqual(code, 1)
        self.assertEqual(self.statuses(document), {"tests": "failed", "cpu_vs_cuda": "failed", "graph": "passed"})
        self.assertIn("kernels_on_gpu died of SIGSEGV", self.problems(document, "tests"))
        self.assertIn("ended without a report", self.problems(document, "tests"))

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

    def test_stops_what_takes_too_long(self):
        code, _, document, _ = self.check("--only", "speed,graph", "--seconds", "1.5", faults="hang")
        self.assertEqual(code, 1)
        self.assertEqual(set(self.statuses(document).values()), {"failed"})
        self.assertIn("was stopped by its time limit", self.problems(document, "speed"))
        self.assertIn("no time was left", self.problems(document, "graph"))

    def start_hanging(self):
        """A check that has done one part and hangs in the next; also the process that hangs."""
        process = self.start("--only", "determinism,speed,graph", faults="hang")
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
        self.assertEqual(document["status"], "interrupted by SIGTERM")
        expected = {"determinism": "passed", "speed": "interrupted", "graph": "not reached"}
        self.assertEqual(self.statuses(document), expected)
        self.assertIn("| determinism | passed |", text)
        with self.assertRaises(ProcessLookupError):
            os.kill(hung, 0)

    def test_leaves_what_was_done_when_killed(self):
        process, hung = self.start_hanging()
        process.kill()
        process.communicate(timeout=60)
        os.kill(hung, signal.SIGKILL)
        document, _ = self.files()
        expected = {"determinism": "passed", "speed": "running", "graph": "not reached"}
        self.assertEqual((document["status"], self.statuses(document)), ("running", expected))

    def test_is_honest_without_a_device(self):
        code, messages, document, text = self.check(faults="no_device", device=False)
        line = "no CUDA device: nothing of this was run on a GPU"
        self.assertEqual((code, document["status"]), (5, line))
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


if __name__ == "__main__":
    unittest.main()
