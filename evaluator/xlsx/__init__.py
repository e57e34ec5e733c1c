"""Workbooks from strangers: admitted by a guard, read as plain values."""
