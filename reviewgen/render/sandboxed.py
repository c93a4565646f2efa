"""The sandbox that all templates run in: fields of the view model at once, anything else as Jinja's own sandbox allows it."""

from __future__ import annotations

from typing import Any

from jinja2.sandbox import ImmutableSandboxedEnvironment


class SandboxedTemplates(ImmutableSandboxedEnvironment):
    """Jinja's sandbox asks six questions about each attribute; nearly all are fields of frozen data classes, and harmless."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Return an attribute, or what says that there is none."""
        if attribute in getattr(type(obj), "__dataclass_fields__", ()) and attribute[0] != "_":
            return getattr(obj, attribute)
        return super().getattr(obj, attribute)
