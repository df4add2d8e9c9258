"""The command line of Chuishao and the launcher that runs the whole system on one machine."""
