"""What PROMPT asks in particular, against both trees: one kind of demand a file, ``check`` asks them all."""
