"""`python -m tools.write_docs [--check]` writes the pages, or says which would change."""

import sys

from tools.write_docs import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
