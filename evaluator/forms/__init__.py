"""Workbooks and tables that leave the workspace and come back: written, admitted, read, merged.

What comes back was written by strangers: it is bounded before any library opens it, read by identity and
not by position, and never evaluated.
"""
