"""Judges of rollouts on equal terms: how often they err, how long they take, who pays for it."""
