"""Text to blocks: the two readers of HCL behind one adapter each, canonical forms, constant values, syntax diagnostics."""
