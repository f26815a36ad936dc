"""The WSGI entry point of the web process."""

import gc

from roleplay.app import create_app

app = create_app()
gc.collect()
gc.freeze()
"""What a process has once it is up stays: to walk it again in the middle of a request takes longer than most pages."""
