"""The compiled loops: a module for each detector, and in it one function *scan*.

Importing one imports numba, so only a detector's `start` does it.

A kernel is `scan(values, state, parameters) -> index`. It consumes *values* (shape n) up to and
with the first alarm and returns its index, -1 if there was none, or -2 - i if value i is outside
the domain; that one is not consumed. All that a detector remembers lies in *state*, one array of
floats: first `drift_detected`, then `warning_detected`, the rest as the kernel likes, and all
zeros is a fresh detector. So a snapshot is a copy of one array. State is written once a scan, not
once a value. *parameters* are floats in an array as well: each argument more would cost as much
as scanning three values.

Operations on floats are River's, in River's order, so that alarms are equal and not nearly equal:
no fastmath. Where a kernel skips a costly test, it has shown by a cheaper one, with a margin far
above rounding, how the costly one would end.
"""

# Values may be read-only: pages are shared. Compiled when imported, once; then read from the cache.
READ_ONLY = "Array(float64, 1, 'C', readonly=True)"
SIGNATURE = f"int64({READ_ONLY}, float64[::1], {READ_ONLY})"
