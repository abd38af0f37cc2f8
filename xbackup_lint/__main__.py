"""`python -m xbackup_lint`."""

from xbackup_lint.cli import main

raise SystemExit(main())
