"""What each side offers as an answer: its class, its subject, what is set aside in it or cannot be parsed."""
