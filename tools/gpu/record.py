"""What a GPU check has found so far: in memory, and after every change in two files that are whole at any moment."""

import json
import os
import pathlib
import shutil
import tarfile
import time


def written_whole(path, text):
    """Replaces the file in one step, so that whoever is killed here leaves the old text or the new one."""
    temporary = path.with_name(f".{path.name}.new")
    temporary.write_text(text)
    os.replace(temporary, path)


class Section:
    """One part's place in the record. Its figures go into the JSON as they are, its lines into the Markdown."""

    def __init__(self, name, title):
        self.name, self.title = name, title
        self.status, self.seconds = "not reached", 0.0
        self.reason = ""  # why it could not run
        self.problems = []
        self.missing = []  # what the time of the whole check did not reach
        self.figures = {}
        self.lines = []

    def document(self):
        found = {"status": self.status, "seconds": round(self.seconds, 3), "problems": self.problems}
        if self.reason:
            found["reason"] = self.reason
        if self.missing:
            found["missing"] = self.missing
        return found | {"figures": self.figures}

    def summary(self):
        """One line; all problems stand in the part's own section."""
        if not self.problems:
            return self.reason
        more = len(self.problems) - 1
        return self.problems[0] + (f" (and {more} more)" if more else "")

    def markdown(self):
        problems = [f"- **{problem}**" for problem in self.problems]
        if self.missing:
            problems.append(f"- Missing, as the time of the whole check was over: {', '.join(self.missing)}")
        lines = self.lines + ([""] if self.lines and problems else []) + problems
        return ["", f"## {self.title}", "", *lines] if lines else []


class Record:
    def __init__(self, folder, name, command):
        """What it has found is in folder/name.json and folder/name.md, and at its end all logs in one archive."""
        self.folder, self.name = pathlib.Path(folder), name
        self.logs, self.archive = self.folder / f"{name}-logs", self.folder / f"{name}-logs.tar.gz"
        self.logs.mkdir(parents=True, exist_ok=True)
        self.began = time.monotonic()
        self.status = "running"
        self.header = {"command": command, "date": time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime())}
        self.sections = {}
        self.goals = []

    def add(self, name, title):
        self.sections[name] = Section(name, title)
        return self.sections[name]

    def goal(self, text, value, met):
        """A goal is told beside what was measured; it decides nothing about the check's success."""
        self.goals.append({"goal": text, "measured": value, "met": met})

    def document(self):
        return {
            "status": self.status,
            **self.header,
            "seconds": round(time.monotonic() - self.began, 1),
            "goals": self.goals,
            "parts": {name: section.document() for name, section in self.sections.items()},
        }

    def markdown(self):
        lines = [f"# GPU check: {self.status}", ""]
        lines += [f"`{self.header['command']}`, {self.header['date']}", ""]
        rows = [
            [name, section.status, f"{section.seconds:.1f}", section.summary()]
            for name, section in self.sections.items()
        ]
        lines += table(["part", "result", "time, s", ""], rows)
        if self.goals:
            rows = [[goal["goal"], goal["measured"], "met" if goal["met"] else "**not met**"] for goal in self.goals]
            lines += ["", "## Goals", "", *table(["goal", "measured", ""], rows)]
        for section in self.sections.values():
            lines += section.markdown()
        return "\n".join(lines) + "\n"

    def save(self):
        written_whole(self.folder / f"{self.name}.json", json.dumps(self.document(), indent=2) + "\n")
        written_whole(self.folder / f"{self.name}.md", self.markdown())

    def end(self):
        """The last save. The logs become one archive, as where the results are carried to may count files."""
        self.save()
        with tarfile.open(self.archive, "w:gz") as archive:
            archive.add(self.logs, self.logs.name)
        shutil.rmtree(self.logs)


def table(header, rows):
    """Lines of a Markdown table; numbers stand to the right where the whole column is numbers."""

    def cell(value):
        return str(value).replace("|", "\\|").replace("\n", " ")

    def is_number(text):
        return text.replace(".", "", 1).replace("-", "", 1).isdigit()

    rows = [[cell(value) for value in row] for row in rows]
    numbers = [bool(rows) and all(is_number(row[i]) for row in rows) for i in range(len(header))]
    lines = [header, ["--:" if number else "---" for number in numbers], *rows]
    return ["| " + " | ".join(line) + " |" for line in lines]
