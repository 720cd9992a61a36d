"""Start the web page: ``python app.py`` is ``python -m qa serve``."""

import sys

from qa.cli import main

if __name__ == "__main__":
    sys.exit(main(["serve", *sys.argv[1:]]))
