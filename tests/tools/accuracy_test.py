"""tools/peers/accuracy: its statistics, and how it keeps and continues runs, with a fake in place of Keras."""

import json
import math
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

PEERS = pathlib.Path(__file__).resolve().parents[2] / "tools/peers"
sys.path.insert(0, str(PEERS))

from equivalence import equivalence, upper_point, upper_tail

# Stands in for the Python that has Keras: counts its calls in a file, and fails from call FAKE_FAILS on.
FAKE_KERAS = """#!/usr/bin/env python3
import json, os, pathlib, sys
count = pathlib.Path(os.environ["FAKE_COUNT"])
number = len(count.read_text()) + 1 if count.exists() else 1
if number >= int(os.environ["FAKE_FAILS"]):
    sys.exit("keras broke")
count.write_text("x" * number)
assert sys.argv[2:6] == ["--seed", "none", "--epochs", "4"], sys.argv
json.dump({"versions": {"keras": "3.0", "tensorflow": "2.0"}, "threads": 1, "batch": 128, "seed": None, "history": {},
           "test_accuracy": 0.989 + number / 10000, "test_loss": 0.03, "start_up_seconds": 1}, sys.stdout)
"""


class Statistics(unittest.TestCase):
    def test_tails_have_their_closed_forms(self):
        for t in (-3.0, -0.5, 0.0, 0.1, 1.0, 4.0, 60.0):
            self.assertAlmostEqual(upper_tail(t, 1), 0.5 - math.atan(t) / math.pi, delta=1e-12)
            self.assertAlmostEqual(upper_tail(t, 2), 0.5 - t / (2 * math.sqrt(2 + t * t)), delta=1e-12)

    def test_tails_are_those_of_the_tables(self):
        # Percentage points of Student's t, as every table has them.
        for t, degrees, probability in ((1.812, 10, 0.05), (2.228, 10, 0.025), (2.750, 30, 0.005), (1.697, 30, 0.05)):
            self.assertAlmostEqual(upper_tail(t, degrees), probability, delta=5e-5)
            self.assertAlmostEqual(upper_point(probability, degrees), t, delta=5e-4)

    def test_welch_and_the_one_sided_tests(self):
        first, second = [98.9, 98.8, 99.1, 98.95], [98.7, 99.0, 98.9, 98.85, 98.8]
        result = equivalence(first, second, 0.25)
        # SciPy's ttest_ind(first, second, equal_var=False), and its one-sided ones on samples shifted by the margin.
        self.assertAlmostEqual(result["difference"], 0.0875, places=9)
        self.assertAlmostEqual(result["degrees_of_freedom"], 6.172582619339, places=9)
        self.assertAlmostEqual(result["difference_p"], 0.315117094745, places=9)
        self.assertAlmostEqual(result["equivalence_p"], 0.043655232682, places=9)
        self.assertAlmostEqual(result["interval_90"][0], -0.067254984200, places=9)
        self.assertAlmostEqual(result["interval_90"][1], 0.242254984200, places=9)

    def test_samples_far_apart_are_not_equivalent(self):
        self.assertGreater(equivalence([99.0, 99.1, 99.2], [98.0, 98.1, 98.2], 0.25)["equivalence_p"], 0.99)


class Script(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="accuracy_test-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        (self.folder / "python").write_text(FAKE_KERAS)
        (self.folder / "python").chmod(0o755)
        figures = {"test_loss": 0.03, "weights_sha256": "0" * 64, "engine": "cpu"}
        runs = [{"seed": seed, "test_accuracy": 0.9885 + seed / 5000, **figures} for seed in range(5)]
        sweep = {"program": {"version": "0.1.0"}, "common": {}, "settings": [{}], "runs": runs}
        (self.folder / "seeds.json").write_text(json.dumps(sweep))

    def start(self, *options, fails=100):
        words = [sys.executable, "-B", PEERS / "accuracy", "--runs", "4", "--out", self.folder / "out", *options]
        words += ["--python", self.folder / "python", "--lines", self.folder / "lines.jsonl"]
        words += ["--nib-runs", self.folder / "seeds.json"]
        environment = {**os.environ, "FAKE_COUNT": str(self.folder / "count"), "FAKE_FAILS": str(fails)}
        return subprocess.run(words, env=environment, capture_output=True, text=True)

    def lines(self):
        return (self.folder / "lines.jsonl").read_text().splitlines()

    def test_goes_on_where_it_was_stopped(self):
        stopped = self.start(fails=3)
        self.assertEqual(stopped.returncode, 1)
        self.assertIn("keras broke", stopped.stderr)
        self.assertEqual(len(self.lines()), 2)
        with open(self.folder / "lines.jsonl", "a") as file:
            file.write('{"epochs": 5, "test_acc')  # a line cut off
        self.assertEqual(self.start().returncode, 0)
        self.assertEqual([json.loads(line)["test_accuracy"] for line in self.lines()], [0.9891, 0.9892, 0.9893, 0.9894])
        self.assertEqual((self.folder / "count").read_text(), "xxxx")

    def test_writes_table_and_document(self):
        self.assertEqual(self.start().returncode, 0)
        table, document = (self.folder / "out.md").read_text(), json.loads((self.folder / "out.json").read_text())
        self.assertIn("| Keras 3.0, TensorFlow 2.0, unseeded | 4 | 98.925 | 0.013 | 98.91 | 98.94 | 0.0300 |", table)
        self.assertIn("| nib 0.1.0, cpu, seeds 0 to 4 | 5 | 98.890 | 0.032 | 98.85 | 98.93 | 0.0300 |", table)
        self.assertIn("nib - Keras: -0.035 percentage points", table)
        self.assertIn("the two are equivalent", table)
        self.assertEqual([len(document["keras_runs"]), len(document["nib_runs"])], [4, 5])

    def test_refuses_runs_of_another_length(self):
        self.assertEqual(self.start().returncode, 0)
        other = self.start("--epochs", "6")
        self.assertEqual(other.returncode, 1)
        self.assertIn("holds runs of 5 epochs, not of 6", other.stderr)


if __name__ == "__main__":
    unittest.main()
