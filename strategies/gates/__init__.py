"""What a version must show before it is let out."""

from strategies.gates.gate import Gate

__all__ = ["Gate"]
