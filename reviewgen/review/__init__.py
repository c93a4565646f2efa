"""Differences, diagnostics, findings and requirements become issues: fused, ranked, limited, each with evaluated checks."""
