"""Provider configurations: which a module requires, is given, uses and has a user for."""
