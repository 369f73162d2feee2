"""A program that makes one turn each time it is asked for, and does not run at all in between.

It is asked by a line on its standard input, answers with a line on standard error that begins as LINE says, and at the
end of its input prints one JSON document. Between its turns the whole process group is stopped (SIGSTOP), so that
neither thread pools that spin nor compilers in the background take time from the others; the time that it used all the
same is told.
"""

import ctypes
import json
import os
import re
import select
import signal
import subprocess
import tempfile
import time

LINE = re.compile(rb"^  (?:warm-up|epoch \d+|pass \d+) +([\d.]+) s\b", re.MULTILINE)
LONGEST_TURN = 600  # seconds
PR_SET_PDEATHSIG = 1  # of Linux's prctl()
LIBC = ctypes.CDLL(None)


class WorkerFailed(Exception):
    """What a program said before it ended, in one line."""


def last_words(noise):
    lines = [line.strip() for line in noise.decode(errors="replace").splitlines() if line.strip()]
    return lines[-1][:300] if lines else "it said nothing"


def group_cpu_seconds(group):
    """CPU time of all processes of the group, as the kernel counts it: in steps of 10 ms."""
    ticks = 0
    for entry in os.scandir("/proc"):
        if not entry.name.isdigit():
            continue
        try:
            with open(f"/proc/{entry.name}/stat") as file:
                fields = file.read().rpartition(")")[2].split()
        except OSError:  # it ended just now
            continue
        if int(fields[2]) == group:
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


class Worker:
    """`first_seconds`: of the turn that is not timed, as the program tells it."""

    def __init__(self, command, cores, environment=None):
        """Starts it, and has it make that turn."""
        self.output = tempfile.TemporaryFile("w+")
        self.noise = b""
        self.idle_cpu_seconds = self.idle_seconds = 0.0

        def begin():
            os.setpgrp()
            LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)  # nothing is left behind, however this process ends
            os.sched_setaffinity(0, cores)

        self.process = subprocess.Popen(
            [str(word) for word in command],
            stdin=subprocess.PIPE,
            stdout=self.output,
            stderr=subprocess.PIPE,
            preexec_fn=begin,
            env={**os.environ, **(environment or {})},
        )
        self.group = self.process.pid
        try:
            self.first_seconds = self._turn()
            self._stop()
        except BaseException:
            self.kill()
            raise

    def make_turn(self):
        """Returns how long it took in seconds, as the program tells it."""
        self._go_on()
        seconds = self._turn()
        self._stop()
        return seconds

    def finish(self):
        """Ends it. Returns its document, with its peak memory as the kernel counted it."""
        self._go_on()
        self.process.stdin.close()
        while chunk := self._read():
            self.noise += chunk
        _, status, usage = os.wait4(self.process.pid, 0)
        self.process.returncode = os.waitstatus_to_exitcode(status)
        self.output.seek(0)
        printed = self.output.read()
        self.kill()
        if self.process.returncode != 0:
            raise WorkerFailed(f"exit code {self.process.returncode}: {last_words(self.noise)}")
        document = json.loads(printed)
        document["peak_memory_bytes"] = usage.ru_maxrss * 1024
        document["idle_cpu_seconds"] = self.idle_cpu_seconds
        document["idle_seconds"] = self.idle_seconds
        return document

    def kill(self):
        """Also what the program may have left running, which belongs to its group."""
        try:
            os.killpg(self.group, signal.SIGKILL)
        except ProcessLookupError:
            pass
        if self.process.returncode is None:
            self.process.wait()
        for file in (self.process.stdin, self.process.stderr, self.output):
            try:
                file.close()
            except BrokenPipeError:
                pass

    def _turn(self):
        try:
            self.process.stdin.write(b"\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            pass  # it has ended: what it said is more to the point
        seen = b""
        while not (told := LINE.search(seen)):
            chunk = self._read()
            if not chunk:
                self.noise += seen
                code = self.process.wait()
                raise WorkerFailed(f"exit code {code}: {last_words(self.noise)}")
            # A progress bar makes much of this: only the end, which may hold the beginning of a line, is of use.
            seen = seen[-200:] + chunk
        self.noise = (self.noise + seen)[-4000:]
        return float(told[1])

    def _read(self):
        ready, _, _ = select.select([self.process.stderr], [], [], LONGEST_TURN)
        if not ready:
            raise WorkerFailed(f"no answer within {LONGEST_TURN} s: {last_words(self.noise)}")
        return os.read(self.process.stderr.fileno(), 1 << 16)

    def _stop(self):
        os.killpg(self.group, signal.SIGSTOP)
        os.waitid(os.P_PID, self.process.pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT)
        self.stopped_at = time.monotonic(), group_cpu_seconds(self.group)

    def _go_on(self):
        since, cpu_seconds = self.stopped_at
        self.idle_seconds += time.monotonic() - since
        self.idle_cpu_seconds += group_cpu_seconds(self.group) - cpu_seconds
        os.killpg(self.group, signal.SIGCONT)
