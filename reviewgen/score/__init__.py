"""Scores: rubrics as data files, arithmetic as pure functions. Every deduction names its issues, and the sum adds up."""

from .failures import Rubric, load, score

__all__ = ["Rubric", "load", "score"]
