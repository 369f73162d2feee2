"""What the comparisons with Keras share: the Python that has it, and what figures depend on besides the programs."""

import datetime
import os
import pathlib
import platform
import subprocess
import sys
import venv

FOLDER = pathlib.Path(__file__).resolve().parent
PROJECT = FOLDER.parents[1]


def peers_python():
    """The Python of build/peers-venv, which is made where it is missing."""
    folder = PROJECT / "build/peers-venv"
    finished = folder / "finished"
    if not finished.exists():
        print(f"making {folder} with tensorflow-cpu (once, about 1.5 GB)", file=sys.stderr)
        venv.create(folder, clear=True, with_pip=True)
        requirements = FOLDER / "requirements.txt"
        subprocess.run([folder / "bin/python", "-m", "pip", "install", "-q", "-r", requirements], check=True)
        finished.touch()
    return folder / "bin/python"


def first_line(path, key):
    with open(path) as file:
        return next((line.split(":", 1)[1].strip() for line in file if line.startswith(key)), "unknown")


def conditions(threads):
    git = ["git", "-C", PROJECT, "describe", "--always", "--dirty"]
    commit = subprocess.run(git, capture_output=True, text=True).stdout.strip()
    return {
        "date": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M UTC"),
        "commit": commit or "unknown",
        "cpu": first_line("/proc/cpuinfo", "model name"),
        "threads": threads,
        "system": f"{platform.freedesktop_os_release()['PRETTY_NAME']}, Linux {platform.release()}",
        "load_before": os.getloadavg()[0],
    }
