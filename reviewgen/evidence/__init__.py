"""What really happened when Terraform ran, and what other tools found.

``readers`` turn records into the values of ``model.evidence``; ``record`` writes and reads our own, ``evidence.json``; ``verify`` makes one, by
running Terraform. ``weigh`` says what the records of a sample mean for its review.
"""
