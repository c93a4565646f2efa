"""Many samples: folders, and datasets in JSONL or Parquet, named one by one, by patterns or by a list, and read as they are needed."""

from .columns import parse
from .named import expand
from .source import Source, opened

__all__ = ["Source", "expand", "opened", "parse"]
