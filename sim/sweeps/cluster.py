"""A Dask cluster as an engine: the same pieces, carried out on other machines."""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sim.errors import Mistake

if TYPE_CHECKING:
    from collections.abc import Callable

REACHED_WITHIN = "10s"


@dataclass(frozen=True, kw_only=True)
class Cluster:
    """The workers of the Dask scheduler at *address*, as tcp://host:8786.

    They need driftyard installed; a run that another thread of a worker's process is playing is
    waited for, so give each worker one thread.
    """

    address: str

    @cached_property
    def client(self) -> Any:
        """The connection to the scheduler."""
        try:
            from distributed import Client
        except ImportError:
            raise Mistake(
                f"--cluster is {self.address!r}: Dask is not installed; "
                "pip install 'driftyard[dask]'"
            ) from None
        try:
            return Client(self.address, timeout=REACHED_WITHIN, set_as_default=False)
        except (OSError, ValueError, TypeError) as error:
            why = str(error).strip().split("\n")[0] or "nobody answers"
            remedy = "give the address of a Dask scheduler, as tcp://host:8786"
            raise Mistake(f"--cluster is {self.address!r}: {why}; {remedy}") from None

    @property
    def workers(self) -> int:
        """How many pieces it carries out at once."""
        return max(1, len(self.client.ncores()))

    def check(self, sign: Callable[[], str], *, mixed: bool) -> None:
        """Refuse a cluster without workers, or whose workers lack driftyard or would differ.

        *sign* tells what numbers depend on; with *mixed* any answer to it will do.
        """
        if not self.client.ncores():
            raise Mistake(f"--cluster is {self.address!r}: it has no workers; start some")
        found = self.client.run(sign, on_error="return")
        lacking = [name for name, told in found.items() if not isinstance(told, str)]
        if lacking:
            why = str(found[lacking[0]]).split("\n")[0]
            raise Mistake(
                f"the worker {lacking[0]} cannot play ({why}): install this driftyard there"
            )
        others = [name for name, told in found.items() if told != sign()]
        if others and not mixed:
            raise Mistake(
                f"{len(others)} of {len(found)} workers ({others[0]}) have another driftyard, "
                "other packages or another CPU, and may differ in the last digits: "
                "make them equal, or allow it with --mixed"
            )

    def start(self) -> Executor:
        """Return an executor; who holds it may close it, the cluster stays."""
        executor: Executor = self.client.get_executor(pure=False)
        return executor

    def kill(self, executor: Executor) -> None:
        """Give up what was handed out; Dask drops what has not begun."""
        executor.shutdown(wait=False)

    def close(self) -> None:
        """Leave the cluster, if it was ever reached."""
        if "client" in vars(self):
            self.client.close()
