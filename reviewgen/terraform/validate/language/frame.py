"""Where a check of Terraform's own blocks is at: a block, and the top-level block around it, which messages show."""

from __future__ import annotations

from collections.abc import Iterator

from reviewgen.model.diagnostic import Diagnostic
from reviewgen.model.hcl import Attribute, Block, Expression
from reviewgen.model.source import SourceFile
from reviewgen.records import dataclass

from .. import places
from ..configuration import Configuration
from ..places import Span


@dataclass(frozen=True, slots=True)
class Frame:
    """A block under examination.

    Attributes:
        configuration: The configuration.
        top: The top-level block.
        block: The block itself: ``top`` or one inside it.
    """

    configuration: Configuration
    top: Block
    block: Block

    def inside(self, block: Block) -> Frame:
        """Return the frame of a nested block."""
        return Frame(self.configuration, self.top, block)

    def nested(self, kind: str) -> Iterator[Frame]:
        """Yield the frames of the nested blocks of a type."""
        for block in self.block.blocks:
            if block.type == kind:
                yield self.inside(block)

    @property
    def data(self) -> bytes:
        """The bytes of the block's file."""
        return self.configuration.file(self.block).data

    def file(self, attribute: Attribute) -> SourceFile:
        """Return the file of an argument, which for an override is not the block's."""
        return self.configuration.file(self.block, attribute)

    def place(self, block: Block) -> str:
        """Return where a block is declared, as messages write it."""
        return self.configuration.header(block)

    def _say(self, summary: str, detail: str, file: SourceFile, span: Span, severity: str = "error") -> Diagnostic:
        return self.configuration.error(summary, detail, file, span, self.top, severity)

    def nowhere(self, summary: str, detail: str) -> Diagnostic:
        """Return an error for which Terraform names no place."""
        return Diagnostic("error", summary, detail)

    def at_header(self, summary: str, detail: str, severity: str = "error") -> Diagnostic:
        """Return a diagnostic about the whole block, placed at its header."""
        return self._say(summary, detail, self.configuration.file(self.block), (self.block.start, self.block.header_end), severity)

    def at_type(self, summary: str, detail: str) -> Diagnostic:
        """Return an error placed at the block's type."""
        end = self.block.start + len(self.block.type.encode())
        return self._say(summary, detail, self.configuration.file(self.block), (self.block.start, end))

    def at_label(self, position: int, summary: str, detail: str) -> Diagnostic:
        """Return an error placed at a label."""
        spans = places.labels(self.block, self.data)
        span = spans[position] if position < len(spans) else (self.block.start, self.block.header_end)
        return self._say(summary, detail, self.configuration.file(self.block), span)

    def at_brace(self, summary: str, detail: str) -> Diagnostic:
        """Return an error placed at the opening brace, where HCL places what is missing."""
        at = places.brace(self.block, self.data)
        return self._say(summary, detail, self.configuration.file(self.block), (at, at + 1))

    def at_name(self, attribute: Attribute, summary: str, detail: str) -> Diagnostic:
        """Return an error placed at an argument's name."""
        end = attribute.start + len(attribute.name.encode())
        return self._say(summary, detail, self.file(attribute), (attribute.start, end))

    def at_argument(self, attribute: Attribute, summary: str, detail: str) -> Diagnostic:
        """Return an error placed at a whole argument, name and value."""
        return self._say(summary, detail, self.file(attribute), (attribute.start, attribute.end))

    def at(self, attribute: Attribute, expr: Expression, summary: str, detail: str, severity: str = "error") -> Diagnostic:
        """Return a diagnostic placed at an expression, its quotes included."""
        return self.at_span(attribute, places.whole(expr, self.file(attribute).data), summary, detail, severity)

    def at_start(self, attribute: Attribute, expr: Expression, summary: str, detail: str) -> Diagnostic:
        """Return an error placed at what begins an expression."""
        return self.at_span(attribute, places.start_of(expr, self.file(attribute).data), summary, detail)

    def at_span(self, attribute: Attribute, span: Span, summary: str, detail: str, severity: str = "error") -> Diagnostic:
        """Return a diagnostic placed at a stretch of an argument's file."""
        return self._say(summary, detail, self.file(attribute), span, severity)
