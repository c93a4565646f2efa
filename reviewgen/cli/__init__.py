"""The command line: one file a command, thin. The only room that prints, exits, or reads the environment."""

from .main import main

__all__ = ["main"]
