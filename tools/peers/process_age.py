"""How long this process has been running, by the kernel's account."""

import os
import time


def process_age():
    """Seconds since this process was started, so that start-up includes Python itself."""
    started_ticks = int(open("/proc/self/stat").read().rpartition(")")[2].split()[19])
    return time.clock_gettime(time.CLOCK_BOOTTIME) - started_ticks / os.sysconf("SC_CLK_TCK")
