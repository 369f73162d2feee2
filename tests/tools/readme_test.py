"""Holds README.md and docs/ to what they say: length, links, commands, messages, variables, figures.

usage: readme_test.py NIB [unittest's options]
"""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

PROJECT = pathlib.Path(__file__).resolve().parents[2]
README = (PROJECT / "README.md").read_text()
DOCUMENTS = [*PROJECT.glob("*.md"), *PROJECT.glob("docs/**/*.md"), *PROJECT.glob("data/**/*.md")]
NOT_RUN = "# not run by the tests: "
BLOCK = re.compile(r"^```(\S*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def without_blocks(text):
    return BLOCK.sub("", text)


def code_spans(text):
    return re.findall(r"`([^`\n]+)`", without_blocks(text))


def table_under(document, heading):
    """The first cells of the tables below a heading."""
    part = document.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    return [line.split("|")[1] for line in part.splitlines() if line.startswith("| `")]


def anchors(text):
    """What GitHub makes of headings: small letters, blanks as dashes, other signs left out."""
    headings = re.findall(r"^#+ (.*)$", without_blocks(text), re.MULTILINE)
    return [re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings]


def links(text):
    text = without_blocks(text)
    return re.findall(r"\]\(([^)\s]+)\)", text) + re.findall(r'src="([^"]+)"', text)


class Documents(unittest.TestCase):
    def test_readme_is_short(self):
        self.assertLessEqual(len(README.split()), 1500, "words: details belong in docs/")

    def test_links_lead_somewhere(self):
        for document in DOCUMENTS:
            for link in links(document.read_text()):
                if link.startswith("https://"):
                    continue
                name, _, anchor = link.partition("#")
                target = document.parent / name if name else document
                with self.subTest(document=document.name, link=link):
                    self.assertTrue(target.exists())
                    if anchor:
                        self.assertIn(anchor, anchors(target.read_text()))

    def test_commands_and_options_exist(self):
        helps = {}
        for document in DOCUMENTS:
            for span in code_spans(document.read_text()):
                words = span.split()
                if len(words) < 2 or words[0] not in ("nib", "build/nib") or not words[1].islower():
                    continue
                command = words[1:3] if words[1] == "data" and len(words) > 2 else words[1:2]
                with self.subTest(document=document.name, span=span):
                    if tuple(command) not in helps:
                        run = subprocess.run([NIB, *command, "--help"], capture_output=True, text=True)
                        self.assertEqual(run.returncode, 0, run.stderr)
                        helps[tuple(command)] = run.stdout
                    for option in re.findall(r"--[a-z][a-z0-9-]*", span):
                        self.assertIn(option, helps[tuple(command)])

    def test_messages_are_those_of_the_sources(self):
        files = [*PROJECT.glob("src/**/*.cpp"), PROJECT / "tools/install_packages", PROJECT / "tools/build"]
        sources = "\n".join(file.read_text() for file in files)
        troubles = (PROJECT / "docs/troubleshooting.md").read_text()
        cells = table_under(README, "When something goes wrong")
        for heading in ("Building", "Data", "Folders and files", "Weights", "Pictures", "Training", "Ranks", "GPUs"):
            cells += table_under(troubles, heading)
        messages = [message for cell in cells for message in code_spans(cell) if not message.isupper()]
        self.assertGreater(len(messages), 30)
        for message in messages:
            with self.subTest(message=message):
                self.assertTrue(message in sources, "no source says this")

    def test_environment_variables_are_described(self):
        described = code_spans((PROJECT / "docs/troubleshooting.md").read_text())
        for file in PROJECT.glob("src/**/*.cpp"):
            for name in re.findall(r'(?:getenv|environment)\("(\w+)"\)', file.read_text()):
                with self.subTest(file=file.name, variable=name):
                    self.assertIn(name, described)

    def test_figures_are_those_measured(self):
        training = json.loads((PROJECT / "docs/measurements/training.json").read_text())
        evaluation = json.loads((PROJECT / "docs/measurements/evaluation.json").read_text())
        accuracy = json.loads((PROJECT / "docs/measurements/accuracy.json").read_text())
        ratio = training["ratio"]
        figures = [f"{ratio['of_medians']:.3f}", f"{ratio['of_minima']:.3f}", f"medians of {ratio['turns']} epochs"]
        figures.append(f"{evaluation['ratios']['compute']['of_medians']:.2f} of {evaluation['ratios']['compute']['best'].split()[0]}")
        figures.append(f"{accuracy['equivalence']['equivalence_p']:.2g}")
        for program in training["programs"]:
            if program["name"] in ("nib", ratio["best"]):
                figures += [f"{program['training_seconds_median']:.2f}", f"{program['peak_memory_mb']:.0f} MB"]
        for program in accuracy["programs"]:
            figures.append(f"{program['accuracy_mean']:.2f} %, deviation {program['accuracy_standard_deviation']:.2f}")
            figures.append(f"{program['runs']} ")
        for figure in figures:
            with self.subTest(figure=figure):
                self.assertIn(figure, README)


class Commands(unittest.TestCase):
    """Runs what README.md gives to run, as it stands there, in a folder that looks like a clone which was built."""

    def setUp(self):
        scratch = tempfile.TemporaryDirectory(prefix="readme_test-")
        self.addCleanup(scratch.cleanup)
        self.clone = pathlib.Path(scratch.name)
        (self.clone / "build").mkdir()
        (self.clone / "build/nib").symlink_to(NIB)
        for name in ("data", "docs", "tools"):
            (self.clone / name).symlink_to(PROJECT / name)

    def run_in_clone(self, command):
        # What the documents show was printed without a GPU.
        environment = {key: value for key, value in os.environ.items() if not key.startswith("NIB_")}
        environment["CUDA_VISIBLE_DEVICES"] = "-1"
        run = subprocess.run(
            ["bash", "-eu", "-o", "pipefail", "-c", command],
            cwd=self.clone,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.assertEqual(run.returncode, 0, f"{command}\n{run.stdout}")
        return run.stdout

    def test_every_command_runs(self):
        blocks = [text for language, text in BLOCK.findall(README) if language == "sh"]
        lines = [line for block in blocks for line in block.splitlines() if line[0] != "#" and NOT_RUN not in line]
        self.assertGreater(len(lines), 10)
        self.assertEqual(lines[0].split("#")[0].strip(), "build/nib train")
        printed = self.run_in_clone(lines[0])
        for language, text in BLOCK.findall(README):
            if language == "text":
                for line in text.splitlines():
                    self.assertIn(line, printed)
        self.compare_with_described_output(printed)
        for line in lines[1:]:
            with self.subTest(command=line):
                self.run_in_clone(line)

    def compare_with_described_output(self, printed):
        """docs/runs.md shows the same run, shortened, with times and a machine that may be others here."""
        shown = next(text for language, text in BLOCK.findall((PROJECT / "docs/runs.md").read_text()) if not language)
        here = re.compile(r"^nib |^running on|^Device:|^Data:|^Files in|^  \.\.\.$")
        times = re.compile(r" - \d+s - \d+ms/step")
        printed = times.sub("", printed).splitlines()
        lines = [times.sub("", line) for line in shown.splitlines() if not here.match(line)]
        self.assertEqual([line for line in lines if line not in printed], [])


if __name__ == "__main__":
    NIB = pathlib.Path(sys.argv.pop(1)).resolve()
    unittest.main()
