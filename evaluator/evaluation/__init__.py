"""Everything that is computed once from a workspace at a date: scores, fits, stacks, and whether the paper may be final."""
