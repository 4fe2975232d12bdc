"""The monitors of one run at their posts: from when on they look, what they find at ticks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.clock import Phase, moment, us

if TYPE_CHECKING:
    from sim.alarms import Alarms
    from sim.stage import Stage
    from sim.watchers import TickWatcher, Watcher


class Watch:
    """The *watchers* of labels and requests and the *tick_watchers*; they tell the *alarms*."""

    def __init__(
        self,
        stage: Stage,
        alarms: Alarms,
        watchers: list[Watcher],
        tick_watchers: list[TickWatcher],
    ) -> None:
        self._stage, self._alarms = stage, alarms
        self._watchers, self._tick_watchers = watchers, tick_watchers
        self._tick_us = us(stage.scenario.tick)
        self._on_duty()

    def install(self) -> bool:
        """Let monitors come on duty that nobody thought of before the first incident.

        Say whether any did: what was foreseen of alarms is void then.
        """
        if not self._alarms.news:
            return False
        self._alarms.news = False
        if not self._on_duty():
            return False
        self._stage.settle()
        self._stage.flight.on_duty()
        self.anew(same_baseline=True)
        return True

    def _on_duty(self) -> bool:
        """Tell monitors from when on they look; say whether that is news to some."""
        changed = False
        for tick_watcher in self._tick_watchers:
            from_us = self._alarms.starts_us(tick_watcher.monitor)
            changed |= from_us != tick_watcher.from_us
            tick_watcher.from_us = from_us
        for watcher in self._watchers:
            from_key = self._alarms.starts_key(watcher.monitor)
            changed |= from_key != watcher.from_key
            watcher.from_key = from_key
        return changed

    def tell(self, tick: int) -> None:
        """A *tick* is over: let those who watch ticks judge it."""
        stage, flight = self._stage, self._stage.flight
        for watcher in self._tick_watchers:
            value = watcher.tell(tick)
            if value is not None:
                stage.settle()
                assert flight.baseline is not None
                columns, words = watcher.explain(tick, flight.baseline)
                by_label = getattr(watcher.monitor, "judges", False)
                evidence_us = flight.judged_us() if by_label else stage.now_us - 1
                self._alarms.found(watcher.monitor, value, evidence_us, columns, words)

    def anew(self, *, same_baseline: bool, only_desk: bool = False) -> None:
        """Routing or what arrives has changed: count the ticks of the page again from now on."""
        if self._tick_watchers:
            now_us = self._stage.now_us
            told = now_us // self._tick_us
            if now_us % self._tick_us == 0 and self._stage.moment < moment(now_us, Phase.TICK):
                told -= 1
            self._stage.flight.watch_anew(told, same_baseline=same_baseline, only_desk=only_desk)
