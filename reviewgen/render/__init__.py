"""Reviews to text: Jinja documents, review.json, Markdown hygiene, and reading documents back."""
