"""Where the programs and files of a GPU check are: in the build folder, or in a bundle that was made elsewhere."""

import functools
import os
import pathlib
import subprocess
import sys

PROJECT = pathlib.Path(__file__).resolve().parents[2]

# Asks the driver itself, without any program of this project; prints the number of devices it offers.
ASK_DRIVER = """
import ctypes
driver = ctypes.CDLL("libcuda.so.1")
count = ctypes.c_int(0)
if driver.cuInit(0) == 0 and driver.cuDeviceGetCount(ctypes.byref(count)) == 0:
    print(count.value)
"""


class Programs:
    def __init__(self, bundle):
        """`bundle` is a folder as tools/bundle lays it out, or None for the build folder of this project."""
        self.bundle = bundle
        if bundle:
            self.nib, self.tests = bundle / "bin/nib", bundle / "tests"
            self.golden, self.data = bundle / "tests/golden", bundle / "share/nib"
        else:
            self.nib, self.tests = PROJECT / "build/nib", PROJECT / "build/tests"
            self.golden, self.data = PROJECT / "tests/golden", PROJECT / "data"
        self.micro = self.tests / "gpu_micro"
        self.kernel_tests = self.tests / "kernels_on_gpu"
        self.engine_tests = self.tests / "engines_test"
        self.peers = PROJECT / "tools/peers"

    def environment(self):
        """What tells programs that were built elsewhere where their files are."""
        return {"NIB_GOLDEN": str(self.golden), "NIB_DATA_SOURCE": str(self.data), "NIB_DATA": str(self.data)}

    def missing(self):
        wanted = [self.nib, self.micro, self.kernel_tests, self.engine_tests]
        return [str(path) for path in wanted if not os.access(path, os.X_OK)]

    def commit(self):
        """The commit these programs were built from."""
        if self.bundle:
            note = self.bundle / "share/nib/commit"
            return note.read_text().strip() if note.exists() else "unknown"
        git = ["git", "-C", PROJECT, "describe", "--always", "--dirty"]
        try:
            return subprocess.run(git, capture_output=True, text=True).stdout.strip() or "unknown"
        except OSError:
            return "unknown"


def output_of(words, environment=(), seconds=60):
    """Standard output, or nothing where the program cannot be run or takes longer."""
    more = {"stdin": subprocess.DEVNULL, "capture_output": True, "text": True, "timeout": seconds}
    try:
        return subprocess.run(words, env=os.environ | dict(environment), **more).stdout
    except (OSError, subprocess.TimeoutExpired):
        return ""


def has_cuda_device():
    """Whether the driver offers a device. Where it cannot be asked, nvidia-smi's list has to do."""
    count = output_of([sys.executable, "-c", ASK_DRIVER]).strip()
    return count not in ("", "0") or (not count and "GPU 0:" in output_of(["nvidia-smi", "-L"]))


@functools.cache  # once for both calls
def build():
    """Builds program, module and tests; raises CalledProcessError where that fails."""
    targets = ["nib", "nib_cuda", "kernels_on_gpu", "engines_test", "gpu_micro"]
    for words in (
        ["tools/build"],
        ["tools/install_packages", "test"],
        ["cmake", "--preset", "release", "-DNIB_TESTS=ON", "-DNIB_CUDA=ON"],
        ["cmake", "--build", "--preset", "release", "--target", *targets],
    ):
        subprocess.run(words, cwd=PROJECT, stdin=subprocess.DEVNULL, stdout=sys.stderr, check=True)
