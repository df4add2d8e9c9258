"""Becomes another program that runs as a given user and is signalled when its starter dies.

Run by path in a bare interpreter (`python -I -S attached.py PARENT SIGNAL USER PROGRAM ARGS…`) and replaced
by the program, so the process id stays the same. A program is started this way rather than with a hook
between fork and exec, which is unsafe in a process with threads. USER is `uid:gid`, or `-` to stay who we
are.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main() -> None:
    parent, death_signal, user, *command = sys.argv[1:]
    if user != "-":
        uid, gid = (int(part) for part in user.split(":"))
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    if sys.platform == "linux":  # after setuid, which would clear it
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
    if os.getppid() != int(parent):
        sys.exit("the starting process is gone")
    for ignored_by_python in (signal.SIGPIPE, signal.SIGXFSZ):
        signal.signal(ignored_by_python, signal.SIG_DFL)
    os.execv(command[0], command)


if __name__ == "__main__":
    main()
