"""What PROMPTs ask for, as tables: capabilities, amounts, numbers, what each of several must have, what is forbidden or excludes each other."""
