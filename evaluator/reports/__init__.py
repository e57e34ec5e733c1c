"""Papers, workbooks and terminal pages: they read the result and compute nothing."""
