"""The stories as Gymnasium environments.

    import gymnasium
    import reports.gym

    gymnasium.make("driftyard/SilentSchemaChange-v0")

Gymnasium loads no plug-ins by itself any more: the import registers them all, and costs little.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from reports.gym.environment import OnCall


def _register() -> None:
    """Tell Gymnasium of an environment for each story."""
    from gymnasium.envs.registration import register

    from scenarios import names

    for name in names():
        camel = "".join(part.capitalize() for part in name.split("-"))
        register(
            id=f"driftyard/{camel}-v0",
            entry_point="reports.gym:make",
            kwargs={"scenario": name},
        )


def make(scenario: str, **settings: Any) -> OnCall:
    """Return the environment of a story by name, or of a scenario file.

    >>> make("silent-schema-change").action_space.n > 10
    True
    """
    from reports import names
    from reports.gym.environment import OnCall
    from strategies.play.kit import kit

    found = names.scenario(scenario).value
    settings.setdefault("monitors", kit(found))
    return OnCall(found, **settings)


try:
    _register()
except ImportError:
    raise ImportError("agents need gymnasium: pip install 'driftyard[gym]' brings it") from None
