"""Many samples: each reviewed on its own, in worker processes, whatever becomes of the others."""

from .run import Result, review_to, run

__all__ = ["Result", "review_to", "run"]
