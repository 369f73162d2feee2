"""The side of a peer that takes turns: it waits for a line on standard input, and tells of each turn's end."""

import sys


def next_request(wanted):
    """Waits for the next line. False at the end of the input; without --on-request every turn may begin at once."""
    return not wanted or sys.stdin.readline() != ""


def tell(turn, seconds):
    """The line that `nib bench` has for it; in front of it an end of line, as a progress bar may stand there."""
    print(f"\n  {turn:<10} {seconds:>8.3f} s", file=sys.stderr, flush=True)


def name_of_epoch(number):
    """Counted from 0, which is not timed."""
    return f"epoch {number}" if number else "warm-up"
