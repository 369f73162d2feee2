"""Keeps the driver loaded from one process of the check to the next."""

import contextlib
import ctypes

COMPUTE_MODE = 20  # CU_DEVICE_ATTRIBUTE_COMPUTE_MODE; 0 lets any number of processes have a context


def call(function, *arguments):
    result = function(*arguments)
    if result != 0:
        raise OSError(f"{function.__name__} gave error {result}")


@contextlib.contextmanager
def kept_loaded(load=ctypes.CDLL):
    """Holds a context of the first GPU, and yields one line that says whether it does.

    Without persistence mode the driver shuts the GPU down when the last process leaves it, and every process that
    comes next waits for seconds. A context without work in it costs the others nothing but some memory. Where a GPU is
    for one process at a time, the context would keep all others out, so there is none.
    """
    held = False
    device, mode, context = ctypes.c_int(0), ctypes.c_int(0), ctypes.c_void_p()
    try:
        driver = load("libcuda.so.1")
        call(driver.cuInit, 0)
        call(driver.cuDeviceGet, ctypes.byref(device), 0)
        call(driver.cuDeviceGetAttribute, ctypes.byref(mode), COMPUTE_MODE, device)
        if mode.value == 0:
            call(driver.cuDevicePrimaryCtxRetain, ctypes.byref(context), device)
            held = True
        line = "kept loaded by a context" if held else "not kept loaded, as the GPU is for one process at a time"
    except (OSError, AttributeError) as error:  # no driver, or none that knows these functions
        line = f"not kept loaded ({error})"
    try:
        yield line
    finally:
        if held:
            driver.cuDevicePrimaryCtxRelease_v2(device)
