"""Rubrics as data files and the arithmetic as pure functions."""
