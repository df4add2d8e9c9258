"""`python -m chuishao` is the command `chuishao`."""

from chuishao.cli import main

main()
