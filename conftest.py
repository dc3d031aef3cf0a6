"""Gives the project's own tests the Hypothesis profiles: `ci` repeats itself, `dev` explores.

A shell starts what it runs in the background with SIGINT ignored, and children inherit that: no test could
press Ctrl-C then. So it is heard again.
"""

import os
import signal

from hypothesis import settings

settings.register_profile("ci", derandomize=True, deadline=None)
settings.register_profile("dev", deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "dev")

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
