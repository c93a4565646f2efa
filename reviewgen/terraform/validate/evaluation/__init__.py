"""Expressions as ``terraform validate`` evaluates them: what is not known has at least a type, and what cannot be is an error.

Resources, data sources and values of ``for_each`` are wholly unknown at that time, variables are unknown values of their type, constants and
what is made of them are known. ``evaluator`` walks expressions, ``indexing`` follows steps, ``conversion`` compares types, ``functions``
judges calls, ``constants`` calls with known arguments, ``files`` what functions read.
"""

from . import conversion, indexing
from .evaluator import Evaluator, Offered, Problem
from .value import ANYTHING, CONSTANTS, Value, lift, object_of, plain, secret, whole

__all__ = [
    "ANYTHING",
    "CONSTANTS",
    "Evaluator",
    "Offered",
    "Problem",
    "Value",
    "conversion",
    "indexing",
    "lift",
    "object_of",
    "plain",
    "secret",
    "whole",
]
