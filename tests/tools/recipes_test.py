"""tools/recipes: what it makes of the runs of nib, on few images.

usage: recipes_test.py NIB [unittest's options]
"""

import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

PROJECT = pathlib.Path(__file__).resolve().parents[2]
SMALL = f"--data {PROJECT}/data/mnist --limit 400 --epochs 1"


class Recipes(unittest.TestCase):
    def run_tool(self, *words):
        with tempfile.TemporaryDirectory() as folder:
            out = pathlib.Path(folder) / "table"
            command = [str(PROJECT / "tools/recipes"), "--nib", NIB, "--out", str(out), *words]
            ending = subprocess.run(command, capture_output=True, text=True)
            results = json.loads(out.with_suffix(".json").read_text()) if ending.returncode == 0 else None
        return ending, results

    def test_table_has_a_row_a_candidate(self):
        candidates = [f"{SMALL} --batch 32", f"{SMALL} --restore-best=true"]
        ending, results = self.run_tool("--seeds", "2", *candidates)
        self.assertEqual(ending.returncode, 0, ending.stderr)
        self.assertEqual([result["options"] for result in results], candidates)
        for result in results:
            self.assertEqual([run["seed"] for run in result["runs"]], [100, 101])
            for run in result["runs"]:
                self.assertEqual(run["validation_accuracy"], run["validation_accuracies"][0])
                self.assertGreater(run["processor_seconds"], 0)
                self.assertIsNone(run["test_accuracy"])
        mean = sum(run["validation_accuracy"] for run in results[0]["runs"]) / 2
        row = next(line for line in ending.stdout.splitlines() if "--batch 32" in line)
        self.assertIn(f" {100 * mean:.3f} ", row)
        self.assertNotIn("test accuracy", ending.stdout)

    def test_tests_where_that_is_asked_for(self):
        ending, results = self.run_tool("--seeds", "1", "--first-seed", "7", "--test", SMALL)
        self.assertEqual(ending.returncode, 0, ending.stderr)
        run = results[0]["runs"][0]
        self.assertEqual(run["seed"], 7)
        self.assertIn(f" {100 * run['test_accuracy']:.2f} ", ending.stdout)

    def test_ends_with_the_run_that_fails(self):
        ending, _ = self.run_tool("--seeds", "1", f"{SMALL} --schedule cosin")
        self.assertEqual(ending.returncode, 1)
        self.assertIn("--schedule cosin ended with exit code 2", ending.stderr)


if __name__ == "__main__":
    NIB = sys.argv.pop(1)
    unittest.main()
