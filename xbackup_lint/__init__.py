"""xbackup-lint: will every AWS Backup copy between accounts land?"""

__version__ = "0.1.0"
