"""Rule ids of what Terraform says of a tree, as far as somebody asks for them.

Their names are those of the kinds in ``review/diagnostics/diagnosed.toml``, or the words of Terraform's own summary where that table has none.
"""

from __future__ import annotations

PREFIX = "tf:"
ALL_OF = "tf:all-of"
CYCLE = "tf:cycle"
DECLARED_TWICE = "tf:declared-twice"
DEPRECATED = "tf:deprecated"
DEPRECATED_ATTRIBUTE = "tf:deprecated-attribute"
INVALID_PROVIDER_CONFIGURATION_ALIAS = "tf:invalid-provider-configuration-alias"
LIFECYCLE_FILTER = "tf:lifecycle-filter"
MISSING_ARGUMENT = "tf:missing-argument"
MISSING_BLOCK = "tf:missing-block"
MISSING_FILE = "tf:missing-file"
MISSING_INSTANCE_KEY = "tf:missing-resource-instance-key"
MISSING_MODULE = "tf:missing-module"
MULTIPLIED_PROVIDER = "tf:multiplied-provider"
ONE_OF = "tf:one-of"
PROVIDER_ALIAS = "tf:provider-alias"
PROVIDER_REFERENCE = "tf:provider-reference"
PROVIDER_TWICE = "tf:provider-twice"
PROVIDER_UNDEFINED = "tf:provider-undefined"
READ_ONLY_ATTRIBUTE = "tf:invalid-configuration-for-read-only-attribute"
SYNTAX = "tf:syntax"
UNDECLARED_LOCAL = "tf:undeclared-local"
UNDECLARED_MODULE = "tf:undeclared-module"
UNDECLARED_RESOURCE = "tf:undeclared-resource"
UNDECLARED_VARIABLE = "tf:undeclared-variable"
UNEXPECTED_INSTANCE_KEY = "tf:unexpected-resource-instance-key"
UNKNOWN_DATA_SOURCE = "tf:unknown-data-source"
UNKNOWN_TYPE = "tf:unknown-type"
UNSUITABLE_VALUE_TYPE = "tf:unsuitable-value-type"
UNSUPPORTED_ARGUMENT = "tf:unsupported-argument"
UNSUPPORTED_ATTRIBUTE = "tf:unsupported-attribute"
UNSUPPORTED_BLOCK = "tf:unsupported-block"
VALUE_FOR_UNCONFIGURABLE_ATTRIBUTE = "tf:value-for-unconfigurable-attribute"
VALUE_NOT_ALLOWED = "tf:value-not-allowed"
VARIABLES_NOT_ALLOWED = "tf:variables-not-allowed"


def is_rule(rule: str) -> bool:
    """Whether a rule is a message of Terraform's, and none of our own."""
    return rule.startswith(PREFIX)


def is_undeclared(rule: str) -> bool:
    """Whether a rule is about a reference to what its module does not declare."""
    return rule in (UNDECLARED_VARIABLE, UNDECLARED_RESOURCE, UNDECLARED_LOCAL, UNDECLARED_MODULE)


def is_twice(rule: str) -> bool:
    """Whether a rule is about something that stands there twice, though there can be one only."""
    return rule in (DECLARED_TWICE, PROVIDER_TWICE)


def is_unsupported(rule: str) -> bool:
    """Whether a rule is about an argument or a block that its place does not have."""
    return rule in (UNSUPPORTED_ARGUMENT, UNSUPPORTED_BLOCK)
