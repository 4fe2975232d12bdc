"""Rollouts that controllers carry out, read as policies; and policies written for them."""

from strategies.manifests.argo import Imported, from_argo
from strategies.manifests.flagger import from_flagger
from strategies.manifests.writing import Exported, to_argo

__all__ = ["Exported", "Imported", "from_argo", "from_flagger", "to_argo"]
