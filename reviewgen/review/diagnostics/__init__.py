"""What Terraform says of a tree, as findings with a meaning (``diagnosed.toml``)."""

from .findings import BREAKS_OFF, findings, lacks_what_is_made, plain, rule_of, words

__all__ = ["BREAKS_OFF", "findings", "lacks_what_is_made", "plain", "rule_of", "words"]
