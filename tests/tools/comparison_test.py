"""What tools/peers/compare and compare_evaluation are made of, with fakes in place of all the programs."""

import json
import os
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile
import time
import unittest

PEERS = pathlib.Path(__file__).resolve().parents[2] / "tools/peers"
sys.path.insert(0, str(PEERS))

from interleaving import best_ratio, contenders, percentile, ratio, rounds
from surroundings import command_text, instruction_sets
from worker import LINE, Worker, WorkerFailed

# Stands in for nib, and, as the Python of --python, for the others: how it behaves is in FAKE, by its name.
FAKE = """#!/usr/bin/env python3
import json, os, pathlib, sys, threading
words = sys.argv[1:]
script = pathlib.Path(words[0]).name
if script == "train":
    run = pathlib.Path(words[words.index("--out") + 1])
    run.mkdir()
    (run / "model.safetensors").write_text("weights")
    sys.exit()
if script == "convert":
    assert pathlib.Path(words[1], "model.safetensors").read_text() == "weights"
    pathlib.Path(words[2]).write_text("weights")
    sys.exit()
if script == "evaluate":
    print(json.dumps({"test": {"correct": 9895}, "seconds": {"test": 0.125}, "program": {"version": "0.1.0"}}))
    sys.exit()
variant = words[words.index("--variant") + 1] if "--variant" in words else ""
name = "nib" if script == "bench" else f"{script.removesuffix('.py')} {variant}"
if script == "evaluation.py":
    name = f"{words[1]} {words[2]}"
    assert any(path.read_text() == "weights" for path in pathlib.Path(words[3]).glob("*.*")), words
fake = json.loads(os.environ["FAKE"]).get(name, {})
if "missing" in fake:
    sys.exit("Traceback\\n\\nModuleNotFoundError: No module named " + fake["missing"])
document = {"versions": {"onnxruntime": "1.1"}, "correct": fake.get("correct", 9894)}
if script == "evaluation.py" and "--on-request" not in words:
    print(json.dumps(document))
    sys.exit()
assert {"--threads", "--on-request"} <= set(words), words
if fake.get("spins"):  # as thread pools may
    threading.Thread(target=lambda: [0 for _ in iter(int, 1)], daemon=True).start()
seconds, turns = fake.get("seconds", 5.0), []
with open(os.environ["FAKE_LOG"], "a", buffering=1) as log:
    for number, line in enumerate(sys.stdin):
        if len(turns) == fake.get("dies_at", 1000):
            sys.exit("out of memory")
        log.write(name + "\\n")
        turns.append(fake.get("first", seconds) if number == 0 else seconds + number / 1000)
        what = f"epoch {number}" if number else "warm-up"
        print("some progress\\r" + "[====] " * 100 + f"\\n  {what:<10} {turns[-1]:>8.3f} s training", file=sys.stderr)
        sys.stderr.flush()
if script != "evaluation.py":
    document = {"training_seconds": turns[1:], "start_up_seconds": 1.5, "engine": "cpu", "version": "0.1.0",
                "versions": {"keras": "3.0", "tensorflow": "2.0", "torch": "2.1", "jax": "0.4"}}
document["seconds"] = turns
print(json.dumps(document))
"""


class Orders(unittest.TestCase):
    def test_each_round_has_each_name_once_and_is_made_again_by_its_seed(self):
        names = ["a", "b", "c", "d"]
        first, second, other = rounds(names, 1), rounds(list(reversed(names)), 1), rounds(names, 2)
        drawn = [next(first) for _ in range(40)]
        self.assertTrue(all(sorted(order) == names for order in drawn))
        self.assertEqual(drawn, [next(second) for _ in range(40)])
        self.assertNotEqual(drawn, [next(other) for _ in range(40)])
        for place in range(4):  # every name at every place: 40 rounds miss one with a probability of 1e-5
            self.assertEqual({order[place] for order in drawn}, set(names))

    def test_follow_what_ends(self):
        workers = {"a": 1, "b": 2, "c": 3}
        order = rounds(workers.keys(), 0)
        next(order)
        del workers["b"]
        self.assertEqual(sorted(next(order)), ["a", "c"])

    def test_contenders_are_those_whose_fastest_turn_is_near_the_fastest(self):
        seconds = {"a": [7.0, 9.0], "b": [12.0, 8.6], "c": [8.8, 8.8], "d": [50.0, 60.0]}
        self.assertEqual(contenders(seconds, 1.25), {"a", "b"})
        self.assertEqual(contenders(seconds, 1), {"a"})


class Ratios(unittest.TestCase):
    def test_percentiles_are_linear_between_two_numbers(self):
        self.assertEqual(percentile([1.0, 2.0, 4.0], 0.5), 2.0)
        self.assertEqual(percentile([1.0, 2.0, 4.0], 0.75), 3.0)
        self.assertEqual([percentile([1.0, 2.0, 4.0], end) for end in (0, 1)], [1.0, 4.0])

    def test_ratio_is_to_the_smallest_median(self):
        peers = {"slow": [9.0, 9.0, 9.0], "steady": [8.0, 8.0, 8.0], "lucky": [2.0, 9.0, 9.0]}
        self.assertEqual(best_ratio([1.0, 2.0, 3.0], peers), (0.25, "steady"))
        result = ratio([1.0, 2.0, 3.0], peers)
        self.assertEqual((result["best"], result["of_medians"], result["of_minima"]), ("steady", 0.25, 0.5))

    def test_interval_of_equal_turns_is_a_point(self):
        self.assertEqual(ratio([1.0] * 5, {"a": [4.0] * 5})["interval_95"], [0.25, 0.25])

    def test_what_slows_a_whole_round_does_not_widen_the_interval(self):
        load = [1.0, 2.0, 1.5, 3.0, 1.2, 2.5, 1.1, 1.9, 1.4]
        low, high = ratio(load, {"a": [4 * factor for factor in load]})["interval_95"]
        self.assertEqual((low, high), (0.25, 0.25))

    def test_interval_is_that_of_the_order_statistics(self):
        # With a constant peer the ratio is our median, whose resamples have a known distribution: of 15 numbers the
        # median is at most the k-th smallest where 8 or more of 15 draws are among the k smallest.
        ours = [float(i) for i in range(1, 16)]
        low, high = ratio(ours, {"a": [1.0] * 15}, seed=3)["interval_95"]
        self.assertEqual((low, high), (4.0, 12.0))  # P(<= 3) = 0.004, P(<= 4) = 0.026, and likewise from above

    def test_interval_holds_the_true_ratio_in_most_samples(self):
        random.seed(11)
        held = 0
        for trial in range(12):
            ours = [0.2 * random.lognormvariate(0, 0.1) for _ in range(15)]
            peers = {"a": [random.lognormvariate(0, 0.1) for _ in range(15)]}
            low, high = ratio(ours, peers, trial)["interval_95"]
            held += low <= 0.2 <= high
        self.assertGreaterEqual(held, 9)

    def test_turns_must_be_of_the_same_rounds(self):
        with self.assertRaises(ValueError):
            ratio([1.0, 2.0], {"a": [1.0]})


class Texts(unittest.TestCase):
    def test_lines_of_turns(self):
        for line, seconds in (
            ("  warm-up       0.286 s training    0.012 s validation\n", "0.286"),
            ("[==] loss: 0.1\n  epoch 12     10.272 s training", "10.272"),
            ("\n  pass 3        0.272 s\n", "0.272"),
        ):
            self.assertEqual(LINE.search(line.encode())[1].decode(), seconds)
        for line in ("Epoch 1/1001\n", "  epoch 1   ", "1/422 - epoch 1 0.5 s", "  epoch 1   1.5"):
            self.assertIsNone(LINE.search(line.encode()), line)

    def test_instruction_sets_are_those_that_count(self):
        flags = "fpu sse2 fma avx avx2 avx512f hypervisor"
        self.assertEqual(instruction_sets(flags), ["avx", "avx2", "fma", "avx512f"])
        self.assertEqual(instruction_sets(""), [])

    def test_command_leaves_out_where_programs_are(self):
        words = ["--python", "/home/me/python", "--minutes", "3", "--programs", "keras plain,jax", "--nib", "build/nib"]
        self.assertTrue(command_text(words).endswith(" --minutes 3 --programs 'keras plain,jax'"))


class Fakes(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="comparison_test-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.log = self.folder / "log"
        for name in ("nib", "python"):
            (self.folder / name).write_text(FAKE)
            (self.folder / name).chmod(0o755)

    def environment(self, fakes):
        return {"FAKE": json.dumps(fakes), "FAKE_LOG": str(self.log)}


class Workers(Fakes):
    def start(self, **fake):
        command = [self.folder / "nib", "bench", "--threads", 1, "--batch", 1, "--on-request"]
        worker = Worker(command, os.sched_getaffinity(0), self.environment({"nib": fake}))
        self.addCleanup(worker.kill)
        return worker

    def state_of(self, process):
        """As the kernel's letter: "T" is stopped, "Z" has ended and waits for somebody to ask for its exit code."""
        try:
            return pathlib.Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            return "none"

    def test_make_a_turn_each_time_and_are_stopped_in_between(self):
        worker = self.start(seconds=2.0, first=3.0)
        self.assertEqual((worker.first_seconds, self.state_of(worker.process.pid)), (3.0, "T"))
        self.assertEqual([worker.make_turn(), worker.make_turn()], [2.001, 2.002])
        self.assertEqual(self.state_of(worker.process.pid), "T")
        document = worker.finish()
        self.assertEqual(document["training_seconds"], [2.001, 2.002])
        self.assertGreater(document["peak_memory_bytes"], 1e6)

    def test_a_thread_that_spins_takes_nothing_while_others_run(self):
        worker = self.start(spins=True)
        time.sleep(0.5)
        worker.make_turn()
        self.assertGreater(worker.idle_seconds, 0.4)
        self.assertLessEqual(worker.idle_cpu_seconds, 0.02)  # ticks are of 0.01 s

    def test_end_with_the_process_that_started_them(self):
        code = f"""import sys, os
sys.path.insert(0, {str(PEERS)!r})
from worker import Worker
print(Worker([{str(self.folder / "nib")!r}, "bench", "--threads", "1", "--on-request"], os.sched_getaffinity(0)).process.pid, flush=True)
os.kill(os.getpid(), 15)
"""
        environment = {**os.environ, **self.environment({})}
        ended = subprocess.run([sys.executable, "-B", "-c", code], env=environment, capture_output=True, text=True)
        self.assertEqual(ended.returncode, -15, ended.stderr)
        until = time.monotonic() + 30
        while self.state_of(int(ended.stdout)) not in ("none", "Z") and time.monotonic() < until:
            time.sleep(0.05)
        self.assertIn(self.state_of(int(ended.stdout)), ("none", "Z"))

    def test_tell_the_last_words_of_a_program_that_ends(self):
        with self.assertRaisesRegex(WorkerFailed, "exit code 1: ModuleNotFoundError: No module named torch"):
            self.start(missing="torch")
        worker = self.start(dies_at=2)
        worker.make_turn()
        with self.assertRaisesRegex(WorkerFailed, "exit code 1: out of memory"):
            worker.make_turn()


class Script(Fakes):
    def compare(self, fakes, *options, script="compare"):
        words = [sys.executable, "-B", PEERS / script, "--nib", self.folder / "nib"]
        words += ["--python", self.folder / "python", "--threads", "1", "--out", self.folder / "out", *options]
        environment = {**os.environ, **self.environment(fakes)}
        return subprocess.run(words, env=environment, capture_output=True, text=True)

    def test_compares_in_rounds_and_drops_what_is_far_from_the_fastest(self):
        fakes = {
            "nib": {"seconds": 1.5},
            "keras plain": {"seconds": 7.0},
            "keras steps32": {"seconds": 6.0},
            "keras jit": {"seconds": 50.0},
            "torch plain": {"seconds": 9.0},
            "torch eager": {"seconds": 8.0},
            "torch compiled": {"seconds": 6.5, "first": 25.0},
            "jax jit": {"missing": "'jax'"},
        }
        ended = self.compare(fakes, "--rounds", "5")
        self.assertEqual(ended.returncode, 0, ended.stderr)
        document = json.loads((self.folder / "out.json").read_text())
        turns = {program["name"]: len(program["training_seconds"]) for program in document["programs"]}
        on = {"nib": 5, "keras plain": 5, "keras steps32": 5, "torch compiled": 5}
        self.assertEqual(turns, {**on, "torch plain": 2, "torch eager": 2})
        self.assertEqual([len(order) for order in document["orders"]], [6, 6, 4, 4, 4])
        self.assertEqual(set(document["left_out"]), {"keras jit", "jax jit"})
        self.assertIn("its first epoch took 50.0 s, the fastest first one 6.0 s", document["left_out"]["keras jit"])
        self.assertEqual(document["left_out"]["jax jit"], "exit code 1: ModuleNotFoundError: No module named 'jax'")
        self.assertEqual(document["ratio"]["best"], "keras steps32")
        expected = statistics.median([1.501, 1.502, 1.503, 1.504, 1.505]) / 6.003
        self.assertAlmostEqual(document["ratio"]["of_medians"], expected, places=9)
        warm_up, timed = self.log.read_text().splitlines()[:7], self.log.read_text().splitlines()[7:]
        self.assertEqual(len(set(warm_up)), 7)
        self.assertEqual(timed, [name for order in document["orders"] for name in order])
        table = (self.folder / "out.md").read_text()
        self.assertIn("| Keras 3.0 on TensorFlow 2.0, steps_per_execution=32 | 5 | 6.001 | 6.003 | 1.50 |", table)
        best = "nib / Keras 3.0 on TensorFlow 2.0, steps_per_execution=32, the best of the others: **0.250**"
        self.assertIn(best, table)
        self.assertIn("Left out: jax jit: ", table)

    def test_time_ends_it(self):
        ended = self.compare({}, "--programs", "keras plain", "--minutes", "0")
        self.assertEqual(ended.returncode, 0, ended.stderr)
        self.assertEqual(len(json.loads((self.folder / "out.json").read_text())["orders"]), 1)

    def test_fails_where_a_program_dies_on_the_way(self):
        ended = self.compare({"keras plain": {"dies_at": 3}}, "--programs", "keras plain", "--rounds", "5")
        self.assertEqual(ended.returncode, 1)
        self.assertIn("compare: exit code 1: out of memory", ended.stderr)
        self.assertFalse((self.folder / "out.json").exists())

    def test_fails_without_nib_or_without_others(self):
        self.assertIn("compare: nib: exit code 1", self.compare({"nib": {"missing": "x"}}, "--programs", "jax").stderr)
        missing = {"jax jit": {"missing": "jax"}}
        self.assertIn("no other program could be started", self.compare(missing, "--programs", "jax").stderr)

    def test_compares_evaluations(self):
        fakes = {"onnxruntime batch128": {"seconds": 0.5}, "torch compiled": {"missing": "g++"}}
        options = ("--programs", "onnxruntime,torch", "--rounds", "3")
        ended = self.compare(fakes, *options, script="compare_evaluation")
        self.assertEqual(ended.returncode, 0, ended.stderr)
        document = json.loads((self.folder / "out.json").read_text())
        self.assertEqual(document["seconds"]["compute nib"], [0.125] * 3)
        self.assertEqual(document["seconds"]["compute onnxruntime batch128"], [0.501, 0.502, 0.503])
        commands = {name for name in document["seconds"] if name.startswith("command ")}
        self.assertEqual(commands, {"command nib", "command onnxruntime batch1000", "command torch eager"})
        self.assertEqual({len(times) for times in document["seconds"].values()}, {3})
        self.assertEqual(set(document["left_out"]), {"torch compiled"})
        compute = document["ratios"]["compute"]
        self.assertEqual((compute["best"], compute["of_medians"]), ("onnxruntime batch128", 0.125 / 0.502))
        table = (self.folder / "out.md").read_text()
        self.assertIn("| compute onnxruntime batch128 | 0.5010 | 0.5020 |", table)
        self.assertIn("compute: nib / onnxruntime batch128, the best of the others: **0.249**", table)

    def test_compares_evaluations_of_the_same_weights_only(self):
        fakes = {"onnxruntime batch128": {"correct": 980}}
        options = ("--programs", "onnxruntime", "--rounds", "1")
        ended = self.compare(fakes, *options, script="compare_evaluation")
        self.assertEqual(ended.returncode, 1)
        self.assertIn("batch128: 980 right answers, nib has 9895: not the same weights", ended.stderr)
        self.assertFalse((self.folder / "out.json").exists())

    def test_refuses_names_of_no_program(self):
        ended = self.compare({}, "--programs", "keras,tensorflow")
        self.assertEqual(ended.returncode, 2)
        self.assertIn("--programs: tensorflow: of nib, keras plain, ", ended.stderr)


if __name__ == "__main__":
    unittest.main()
