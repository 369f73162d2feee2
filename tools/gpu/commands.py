"""Runs the parts of a GPU check and the commands in them: time limits, logs, and what failed kept apart."""

import contextlib
import json
import os
import signal
import subprocess
import tempfile
import time
import traceback


class Unavailable(Exception):
    """A part cannot run here; the text says why."""


class Ended(Exception):
    """A command did not end as it should have; `output` is what it had printed until then, on both streams."""

    def __init__(self, text, output=""):
        super().__init__(text)
        self.output = output


class Failed(Ended):
    """A command or a comparison gave something else than it should; the text is one line."""


class CutShort(Ended):
    """The time of the whole check was over before this command was; that says nothing about what it runs."""


class Interrupted(BaseException):
    """A signal asked for an end."""

    def __init__(self, number):
        super().__init__(signal.Signals(number).name)
        self.number = number


def last_line(text):
    """The end of what a program said, without nib's hint behind an error."""
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("hint:")]
    return lines[-1][:300] if lines else ""


class Part:
    """What a part's function works with: it runs commands, leaves figures and lines, and notes problems."""

    def __init__(self, section, record, programs, options, limit, end):
        """`limit` is the part's own, in seconds, and to exceed it is a failure; `end` is the whole check's."""
        self.section, self.record, self.programs, self.options = section, record, programs, options
        self.figures = section.figures
        self.deadline, self.end = min(time.monotonic() + limit, end), end
        self.commands_run = 0
        self.told_anything = False  # whether a command ended, or printed something before it was stopped
        self.scratch = None  # a folder that the part's end removes

    def say(self, *lines):
        self.section.lines += lines
        self.record.save()

    def problem(self, text):
        self.section.problems.append(text)
        self.record.save()

    def miss(self, what):
        """Notes what the part has no figures of, as the time of the whole check was over."""
        if what not in self.section.missing:
            self.section.missing.append(what)

    @contextlib.contextmanager
    def attempt(self, what):
        """What fails inside becomes a problem, and the part goes on behind it."""
        try:
            yield
        except CutShort:
            self.miss(what)
        except Failed as failure:
            self.problem(f"{what}: {failure}")

    def time_left(self):
        return self.deadline - time.monotonic()

    def too_late(self, name, text, output=""):
        return CutShort(name, output) if self.deadline == self.end else Failed(text, output)

    def run(self, words, expected=(0,), environment=()):
        """Runs a command within the part's time and returns its standard output; both streams are kept as a log."""
        words = [str(word) for word in words]
        name = os.path.basename(words[0])
        self.commands_run += 1
        log = self.record.logs / f"{self.section.name}-{self.commands_run:02d}-{name}.log"
        if self.time_left() <= 0:
            raise self.too_late(name, f"no time was left for {name}")
        kept = {"mode": "w+", "errors": "replace"}
        with tempfile.TemporaryFile(**kept) as output, tempfile.TemporaryFile(**kept) as messages:
            begin = time.monotonic()
            code = self.wait(words, output, messages, dict(environment))
            seconds = time.monotonic() - begin
            output.seek(0)
            messages.seek(0)
            text, told = output.read(), messages.read()
        end = "the time limit" if code is None else f"exit code {code}"
        log.write_text(f"$ {' '.join(words)}\n{end} after {seconds:.2f} s\n\n{text}\n--- standard error ---\n{told}")
        self.told_anything |= code is not None or text != ""
        if code is None:
            raise self.too_late(name, f"{name} was stopped by its time limit after {seconds:.0f} s", text)
        if code not in expected:
            ended = f"died of {signal.Signals(-code).name}" if code < 0 else f"ended with exit code {code}"
            said = last_line(told) or last_line(text) or "it said nothing"
            raise Failed(f"{name} {ended}: {said}", f"{text}\n{told}")
        return text

    def wait(self, words, output, messages, environment):
        """The exit code, or None when the time was over."""
        try:
            process = subprocess.Popen(
                words,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=messages,
                start_new_session=True,
                env=os.environ | self.programs.environment() | environment,
            )
        except OSError as error:
            raise Failed(f"{words[0]}: {error.strerror}") from None
        try:
            return process.wait(self.time_left())
        except subprocess.TimeoutExpired:
            return None
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    def run_json(self, words, **more):
        """As run(), for a command that prints one JSON document."""
        text = self.run(words, **more)
        try:
            return json.loads(text)
        except ValueError as error:
            raise Failed(f"{os.path.basename(str(words[0]))} printed no JSON: {error}") from None


def run_part(function, part):
    """Runs one part to its end, whatever that is, and leaves its status in its section."""
    section = part.section
    section.status = "running"
    part.record.save()
    begin = time.monotonic()
    try:
        with tempfile.TemporaryDirectory(prefix="gpu_check-") as folder:
            part.scratch = folder
            function(part)
        section.status = "passed"
    except Unavailable as reason:
        section.status, section.reason = "could not run", str(reason)
    except CutShort as command:
        part.miss(f"{command} and what follows it")
    except Failed as failure:
        section.problems.append(str(failure))
    except Interrupted as interruption:
        section.status = "interrupted"
        section.reason = str(interruption)
        raise
    except Exception as error:  # a mistake in a part must not hide the parts behind it
        section.problems.append(f"{type(error).__name__}: {error}")
        section.figures["traceback"] = traceback.format_exc().splitlines()
    finally:
        if section.problems and section.status != "interrupted":
            section.status = "failed"
        elif section.missing and section.status != "interrupted":
            section.status = "cut short" if part.told_anything else "could not run"
            section.reason = f"the time of the whole check was over; missing: {', '.join(section.missing)}"
        section.seconds = time.monotonic() - begin
        part.record.save()
