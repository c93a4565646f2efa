from tests.command_line import cli, make_sample, plain_environment

__all__ = ["cli", "make_sample", "plain_environment"]
