"""Developer programs that ask a real provider: what the shipped tables of facts and bundles are made of. No test runs them."""
