"""Many samples: each reviewed on its own, in worker processes, whatever becomes of the others.

Its modules are imported by name: who only writes files (``files``) needs no worker processes.
"""
