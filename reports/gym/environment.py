"""The year as an environment for agents: what they see is a view, what they do are actions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import gymnasium
import numpy as np
from gymnasium import spaces

from sim.clock import DAY_US, positive_us, us
from sim.errors import Refused, one_of
from sim.people import LAYERS, OWNERS
from sim.run import one_thread
from sim.world import World
from strategies.play.menu import MENU
from strategies.play.sight import words

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.scenario import Scenario
    from sim.view import View

    Floats = NDArray[np.float32]

REWARDS = ("observed", "true")
NEVER = -1.0
"""What stands for a figure that is not known."""
MOST = 1e12
FIELDS = (
    "share of the year",
    "in office",
    "requests",
    "labels",
    "champion's loss",
    "champion's loss this month",
    "challenger's loss",
    "shadow's loss",
    "disagreement",
    "completed",
    "retention",
    *(f"alarms of the {layer} layer" for layer in LAYERS),
    "newest alarm, days ago",
    "challenger's share",
    "shadow is out",
    "fallback is on",
    "routing is changing",
    "candidate waits",
    "candidate's claim",
    "champion's claim",
    "trainings under way",
    "days since the last training",
    "spent on trainings",
    *(f"{owner} owner was called" for owner in OWNERS),
)


class OnCall(gymnasium.Env[Any, Any]):
    """One *scenario*; the agent is asked every *every*, and when something has happened.

    It sees `FIELDS` and chooses from `MENU`. The reward is minus what the step has cost as far as
    it can be seen: losses that labels told of, trainings, pages. With *reward* 'true' it is minus
    the loss above the ideal that nobody on call can see: for training only, no score counts it.
    """

    metadata = {"render_modes": ["ansi"], "render_fps": 1}  # noqa: RUF012 (so the base class declares it)

    def __init__(
        self,
        scenario: Scenario,
        *,
        monitors: tuple[Any, ...] = (),
        every: str = "1d",
        reward: str = "observed",
        render_mode: str | None = None,
    ) -> None:
        self.scenario, self.monitors, self.every = scenario, monitors, every
        self.reward = one_of("reward", reward, REWARDS)
        self.render_mode = render_mode
        positive_us(every, "every")
        self.observation_space = spaces.Box(NEVER, MOST, (len(FIELDS),), np.float32)
        self.action_space = spaces.Discrete(len(MENU))
        self._world: World | None = None
        self._view: View | None = None

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Floats, dict[str, Any]]:
        """Begin a year: that of *seed*, or one drawn by the environment's own generator."""
        super().reset(seed=seed)
        year = int(self.np_random.integers(2**31)) if seed is None else seed
        with one_thread():
            self._world = World(
                self.scenario, seed=year, monitors=self.monitors, heartbeat=self.every
            )
            self._view = self._world.advance()
        self._since_us = self._known = 0
        self._spent = self._lost_so_far = 0.0
        self._last = self._seen()
        return self._last, self._info("")

    def step(self, action: int) -> tuple[Floats, float, bool, bool, dict[str, Any]]:
        """Do what the menu says and go on; the year's end terminates the episode."""
        assert self._world is not None
        if self._view is None:
            raise gymnasium.error.ResetNeeded("the year is over: call reset()")
        with one_thread():
            refused = self._act(int(action))
            self._view = self._next()
        reward = -self._cost() if self.reward == "observed" else -self._lost()
        if self._view is not None:
            self._last = self._seen()
        return self._last, reward, self._view is None, False, self._info(refused)

    def _next(self) -> View | None:
        """Go on to the next moment to decide; that routing has changed as ordered is none."""
        assert self._world is not None
        view = self._world.advance()
        while view is not None and view.reason == "routing":
            view = self._world.advance()
        return view

    @property
    def played(self) -> World:
        """The world of this year, truth included: for whoever judges an agent, never for it."""
        assert self._world is not None
        return self._world

    def possible(self) -> NDArray[np.bool_]:
        """Say of each entry of the menu whether it means anything now (shape entries)."""
        view = self._view
        if view is None:
            return np.zeros(len(MENU), dtype=np.bool_)
        meant = [entry.meant(view) is not None for entry in MENU]
        return np.array([True, *meant[1:]])

    def render(self) -> str | None:
        """Return the view in words."""
        if self.render_mode != "ansi" or self._view is None:
            return None
        return words(self._view)

    def _act(self, choice: int) -> str:
        """Do it; return why not, where it is impossible."""
        assert self._world is not None
        assert self._view is not None
        entry = MENU[choice]
        meant = entry.meant(self._view)
        if meant is None:
            return "" if choice == 0 else f"there is nothing to {entry.name}"
        try:
            self._world.do(meant)
        except Refused as refusal:
            return str(refusal)
        return ""

    def _info(self, refused: str) -> dict[str, Any]:
        """Return what else may be known: nothing that the view does not hold."""
        if self._view is None:
            return {"refused": refused}
        return {"refused": refused, "day": self._view.now, "reason": self._view.reason}

    def _cost(self) -> float:
        """Return what could be seen of the cost of the time since the last step."""
        view, world = self._view, self._world
        assert world is not None
        if view is None:
            return 0.0
        prices = self.scenario.prices
        loss = view.tally(self._since_us).loss * (prices.loss or 1.0)
        new, self._known = view.history[self._known :], len(view.history)
        called = sum(fact.kind == "Paged" for fact in new)
        spent = view.spent - self._spent
        self._since_us, self._spent = view.now_us, view.spent
        return float(loss + spent + called * prices.page)

    def _lost(self) -> float:
        """Return the loss above the ideal of what was closed since the last step, page by page."""
        assert self._world is not None
        before, self._lost_so_far = self._lost_so_far, float(self._world.tallied.excess().sum())
        return self._lost_so_far - before

    def _seen(self) -> Floats:
        view = self._view
        assert view is not None
        return np.array([_known(value) for value in _figures(view, self.scenario)], np.float32)


def _known(value: float) -> float:
    return min(max(value, NEVER), MOST) if np.isfinite(value) else NEVER


def _figures(view: View, scenario: Scenario) -> list[float]:
    """Return the figures of `FIELDS`, in order."""
    day, month, route = view.ticks("1d"), view.tally(view.now_us - 28 * DAY_US), view.route
    candidate = view.card(view.candidate) if view.candidate else None
    recent = [a for a in view.all_alarms if a.at_us > view.now_us - 7 * DAY_US]
    newest = next(iter(view.newest_alarms), None)
    unknown = float("nan")
    return [
        view.now_us / us(scenario.horizon),
        float(view.in_office),
        float(day.count.sum()),
        float(day.labels.sum()),
        day.error(),
        month.error,
        day.error(1),
        day.shadow_error(),
        day.disagreement(),
        day.vital("completed") if "completed" in day.vitals else unknown,
        float(day.business["retention"][-1]) if len(day.business.get("retention", ())) else unknown,
        *(float(sum(a.layer == layer for a in recent)) for layer in LAYERS),
        (view.now_us - newest.at_us) / DAY_US if newest else unknown,
        route.share,
        float(bool(route.shadow)),
        float(route.fallback),
        float(bool(view.changing)),
        float(bool(candidate)),
        candidate.claim if candidate else unknown,
        view.champion.claim,
        float(len(view.jobs)),
        view.since_build,
        view.spent,
        *(float(owner in view.pages) for owner in OWNERS),
    ]
