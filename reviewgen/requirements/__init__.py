"""PROMPT to ``Requirement`` values, and which declaration of a tree answers which."""
