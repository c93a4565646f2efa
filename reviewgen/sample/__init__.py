"""Where samples come from: folders, Markdown documents and ``.tf`` files become a ``Sample`` of documents with files."""
