"""A strategy to begin with, as `driftyard new strategy FILE` writes it."""

TEXT = '''\
"""A strategy of my own: rebuild by the calendar. Check it with `driftyard check THIS_FILE`."""

from collections.abc import Iterator
from dataclasses import dataclass

from sim.actions import Action, Promote, Retrain
from sim.clock import days
from sim.view import View


@dataclass(frozen=True, kw_only=True)  # parameters only: what happened is in the view
class Weekly:
    """Rebuild every *every* on the last *window*; serve it as soon as it is ready."""

    every: str = "7d"
    window: str = "30d"
    heartbeat: str = "1d"  # how often decide is called when nothing happens

    # monitors = (Contract(),)  # from strategies.monitors; their alarms come in view.alarms

    def decide(self, view: View) -> Iterator[Action]:
        """Say what is to be done now; called at heartbeats, alarms, and when jobs end."""
        if view.candidate and not view.changing:  # a version is ready, no change is under way
            yield Promote(view.candidate, why="ready")
        elif not view.jobs and view.since_build >= days(self.every):
            yield Retrain(window=self.window, why="calendar")
'''
"""It passes `strategies.check.check_strategy`."""

YAML = """\
# A policy of my own. Check it with `driftyard check THIS_FILE`, read it with `driftyard show`.
# It starts from a preset (driftyard list strategies); what is said here takes its place.
extends: weekly
story: We rebuild when the errors say so, and ask every version whether it is any good.
metric: the loss that labels show

monitors:                 # who watches; each has a layer and an owner
  - kind: Contract
  - kind: OnErrors
    detector: ADWIN

trigger:                  # when to rebuild
  kind: Cooldown
  rest: 3d
  of:
    kind: AnyOf
    of:
      - {kind: OnSchedule, every: 30d}
      - {kind: OnDrift, monitors: [errors]}

window: {kind: SinceTheAlarm, wait_for: 500}   # on which labels

gates:                    # what a version must show; all must say yes
  - kind: BeatsNaive
  - kind: BeatsChampion
    margin: -0.01         # it may be a little worse, not more

rollout: {kind: ShadowFirst, hold: 2d}         # how it is let out

responses:                # what else is done
  - kind: PageOwners
    layer: input
"""
"""The same as data."""
