"""APIs, functions, messages and events: RG3."""
