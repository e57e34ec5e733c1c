"""Rules on content: pure functions of a workspace, each with a stable code."""
