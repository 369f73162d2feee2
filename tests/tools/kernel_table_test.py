"""tools/gpu/kernel_table with a fake in place of nvcc: what it refuses."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

KERNEL_TABLE = pathlib.Path(__file__).resolve().parents[2] / "tools/gpu/kernel_table"

# As ptxas tells of nib::kernels::(anonymous namespace)::NAME() in all.cu.
KERNEL = """ptxas info    : Compiling entry function '_ZN3nib7kernels12_GLOBAL__N_1{length}{name}Ev' for '{target}'
ptxas info    : Function properties for _ZN3nib7kernels12_GLOBAL__N_1{length}{name}Ev
    {stack} bytes stack frame, {spills} bytes spill stores, {spills} bytes spill loads
ptxas info    : Used 40 registers, used 1 barriers, 512 bytes smem
"""


def kernel(name, target, stack=0, spills=0):
    return KERNEL.format(length=len(name), name=name, target=target, stack=stack, spills=spills)


class KernelTable(unittest.TestCase):
    def check(self, said, code=0):
        """The tool's exit code and all that it says, where nvcc says this and ends with `code`."""
        with tempfile.TemporaryDirectory(prefix="kernel_table_test-") as folder:
            nvcc = pathlib.Path(folder) / "nvcc"
            nvcc.write_text(f"#!/bin/sh\ncat >&2 <<'END'\n{said}END\nexit {code}\n")
            nvcc.chmod(0o755)
            words = [sys.executable, "-B", KERNEL_TABLE, "--check", "--nvcc", nvcc]
            ran = subprocess.run(words, capture_output=True, text=True)
        return ran.returncode, ran.stdout + ran.stderr

    def test_finds_kernels_by_itself(self):
        said = "".join(kernel(name, target, stack=16) for target in ("sm_75", "sm_90") for name in ("finish", "drop"))
        self.assertEqual(self.check(said), (0, "kernel_table: 2 kernels, no spills\n"))

    def test_refuses_spills(self):
        said = kernel("finish", "sm_75") + kernel("finish", "sm_90", stack=24, spills=12)
        self.assertEqual(self.check(said), (1, "kernel_table: finish: 24 bytes are spilled on sm_90\n"))

    def test_refuses_kernels_without_a_formula(self):
        code, text = self.check(kernel("unheard_of", "sm_75") + kernel("unheard_of", "sm_90"))
        self.assertEqual(code, 1)
        self.assertIn("kernel_table: unheard_of: has no formula", text)

    def test_wants_every_target(self):
        expected = "kernel_table: finish: ptxas does not tell of it for sm_90\n"
        self.assertEqual(self.check(kernel("finish", "sm_75")), (1, expected))

    def test_refuses_an_nvcc_that_fails_or_tells_nothing(self):
        self.assertEqual(self.check("something is wrong\n", code=2)[0], 1)
        self.assertEqual(self.check(""), (1, "kernel_table: ptxas tells of no kernel\n"))


if __name__ == "__main__":
    unittest.main()
