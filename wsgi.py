"""The WSGI entry point of the web process."""

from roleplay.app import create_app

app = create_app()
