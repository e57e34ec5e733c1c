"""``python -m evaluator``."""

import os
import sys

# Python looks into the folder it is started in before its own library. That folder may be a stranger's workspace, and a file
# in it named like a module would run.
if not sys.flags.safe_path and sys.path[0] != os.path.dirname(os.path.dirname(os.path.abspath(__file__))):  # noqa: PTH100, PTH120
    del sys.path[0]

from evaluator.cli.main import main

main()
