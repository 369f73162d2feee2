"""What `cmake --install` gives to those who build on nib: headers that need nothing else, find_package, pkg-config, the
examples in C++, C and Python, and a library that shows its intended functions and no more."""

import argparse
import gzip
import os
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

arguments = None


def run(command, **options):
    """The output of a command that has to end well."""
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, **options)
    if done.returncode:
        raise AssertionError(f"{command} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def flags_of_sanitizers():
    return ["-fsanitize=" + arguments.sanitize] if arguments.sanitize else []


def test_images(count):
    """(pixels, label) of MNIST's first test images."""
    folder = arguments.source / "data/mnist"
    pixels = gzip.decompress((folder / "t10k-images-idx3-ubyte.gz").read_bytes())[16:]
    labels = gzip.decompress((folder / "t10k-labels-idx1-ubyte.gz").read_bytes())[8:]
    return [(pixels[784 * i : 784 * (i + 1)], labels[i]) for i in range(count)]


def python_environment():
    """An interpreter that was not built with a sanitizer has to load its runtime before all else, and what throws
    exceptions with it: the runtime stands in for that, and looks for it at once."""
    environment = dict(os.environ)
    if "address" in arguments.sanitize:
        libraries = ["libasan.so", "libstdc++.so"]
        found = [run([arguments.compiler, "-print-file-name=" + name]).strip() for name in libraries]
        environment["LD_PRELOAD"] = " ".join(found)
    environment["ASAN_OPTIONS"] = "detect_leaks=0"  # the interpreter leaves much to the end of the process
    return environment


class InstalledLibrary(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = Path(tempfile.mkdtemp())
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.prefix = cls.folder / "prefix"
        for component in ("libnib", "libnib-dev"):
            run([arguments.cmake, "--install", arguments.build, "--prefix", cls.prefix, "--component", component])
        cls.library = next(cls.prefix.glob("lib*/**/libnib.so.1"))
        cls.header = (cls.prefix / "include/nib/nib.h").read_text()
        cls.weights = arguments.source / "tests/golden/keras/trained.safetensors"

    def test_headers_are_those_two(self):
        headers = [path.relative_to(self.prefix / "include") for path in (self.prefix / "include").rglob("*.*")]
        self.assertEqual(sorted(map(str, headers)), ["nib/nib.h", "nib/nib.hpp"])

    def test_headers_need_nothing_else(self):
        strict = ["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow", "-Werror", "-fsyntax-only"]
        for header, language in (("nib.h", ["c", "-std=c99"]), ("nib.h", ["c++", "-std=c++11"]),
                                 ("nib.hpp", ["c++", "-std=c++17"]), ("nib.hpp", ["c++", "-std=c++20"])):
            with self.subTest(header=header, language=language):
                source = self.folder / "alone.txt"
                source.write_text(f"#include <nib/{header}>\n#include <nib/{header}>\n")
                run([arguments.compiler, "-x", *language, *strict, "-I", self.prefix / "include", source])

    def test_the_page_for_integrators_compiles(self):
        page = (arguments.source / "docs/library.md").read_text()
        (code,) = re.findall(r"^```cpp\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
        include, statements = code.split("\n", 1)
        source = self.folder / "page.cpp"
        source.write_text(f"{include}\nvoid page(bool& cancelled, std::vector<std::uint8_t> pixels) {{\n{statements}\n}}")
        run([arguments.compiler, "-std=c++17", "-Wall", "-fsyntax-only", "-I", self.prefix / "include", source])

    def test_shows_the_functions_of_its_header_alone(self):
        declared = set(re.findall(r"^[a-z][\w* ]*?[ *](nib_\w+)\(", self.header, re.MULTILINE))
        self.assertGreater(len(declared), 30)
        shown = run(["nm", "--dynamic", "--defined-only", "--format=posix", self.library])
        names = {line.split()[0].split("@")[0] for line in shown.splitlines() if " A " not in line}
        self.assertEqual(names, declared)

    def test_has_the_name_of_its_interface(self):
        abi = re.search(r"#define NIB_ABI (\d+)", self.header).group(1)
        self.assertEqual(self.library.name, "libnib.so." + abi)
        self.assertIn(f"[libnib.so.{abi}]", run(["readelf", "--dynamic", self.library]))

    def build_examples(self):
        built = self.folder / "examples"
        sanitizers = " ".join(flags_of_sanitizers())
        run([arguments.cmake, "-S", arguments.source / "examples", "-B", built, "-D",
             f"CMAKE_PREFIX_PATH={self.prefix}", "-D", f"CMAKE_CXX_COMPILER={arguments.compiler}", "-D",
             f"CMAKE_CXX_FLAGS={sanitizers}", "-D", f"CMAKE_C_FLAGS={sanitizers}"])
        run([arguments.cmake, "--build", built])
        python = arguments.source / "examples/classify.py"
        return {"C++": [built / "classify_cpp"], "C": [built / "classify_c"],
                "Python": ["python3", "-B", python, self.library]}

    def test_examples_read_digits(self):
        examples = self.build_examples()
        for index, (pixels, label) in enumerate(test_images(3)):
            picture = self.folder / f"digit-{index}.pgm"
            picture.write_bytes(b"P5\n28 28\n255\n" + pixels)
            for language, command in examples.items():
                with self.subTest(language=language, label=label):
                    environment = python_environment() if language == "Python" else None
                    self.assertEqual(run([*command, self.weights, picture], env=environment), f"{label}\n")
        for language, command in examples.items():
            with self.subTest(language=language):
                environment = python_environment() if language == "Python" else None
                done = subprocess.run([*command, self.weights, self.folder / "nothing.png"], capture_output=True,
                                      text=True, env=environment)
                self.assertEqual(done.returncode, 4)
                self.assertEqual(done.stdout, "")
                self.assertIn("nothing.png: cannot open: no such file or directory\n", done.stderr)

    def test_other_minor_versions_are_refused(self):
        project = self.folder / "other"
        project.mkdir()
        (project / "CMakeLists.txt").write_text(
            "cmake_minimum_required(VERSION 3.20)\nproject(other NONE)\nfind_package(nib 0.9 REQUIRED)\n")
        done = subprocess.run([arguments.cmake, "-S", project, "-B", project / "build", "-D",
                               f"CMAKE_PREFIX_PATH={self.prefix}"], capture_output=True, text=True)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn('compatible with requested version "0.9"', " ".join(done.stderr.split()))

    @unittest.skipUnless(shutil.which("pkg-config"), "no pkg-config")
    def test_pkg_config_finds_it_wherever_it_was_moved_to(self):
        moved = self.folder / "moved"
        shutil.copytree(self.prefix, moved, symlinks=True)
        folder = next(moved.glob("lib*/**/pkgconfig"))
        flags = run(["pkg-config", "--cflags", "--libs", "nib"], env={**os.environ, "PKG_CONFIG_PATH": str(folder)})
        program = self.folder / "by_pkg_config"
        source = arguments.source / "examples/classify.cpp"
        run([arguments.compiler, "-std=c++17", *flags_of_sanitizers(), source, *flags.split(), "-o", program])
        library_path = f"{folder.parent}:{os.environ.get('LD_LIBRARY_PATH', '')}"
        self.assertIn("usage: classify", subprocess.run([program], capture_output=True, text=True,
                      env={**os.environ, "LD_LIBRARY_PATH": library_path}).stderr)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    for option in ("--cmake", "--build", "--source", "--compiler"):
        parser.add_argument(option, type=Path, required=True)
    parser.add_argument("--sanitize", default="")
    arguments = parser.parse_args()
    unittest.main(argv=["installed_library_test"], verbosity=2)
