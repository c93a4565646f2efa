"""Terraform's own blocks: their grammar, names, meta-arguments and static arguments, what a module declares twice."""
