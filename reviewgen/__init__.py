"""Compare a model's Terraform answer with its correction and write a truthful review of the differences."""

__version__ = "0.1.0"
