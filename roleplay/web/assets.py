"""Static files under an address that holds their version, so that a browser keeps them for good and never mixes two."""

import hashlib
from pathlib import Path
from wsgiref.headers import Headers

from flask import Flask
from whitenoise import WhiteNoise

A_YEAR = 365 * 24 * 3600


def register(app: Flask) -> None:
    folder = Path(app.root_path) / "static"
    prefix = f"static/{version_of(folder)}"
    app.static_folder = str(folder)
    app.add_url_rule(f"/{prefix}/<path:filename>", endpoint="static", view_func=app.send_static_file)
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=str(folder),
        prefix=prefix,
        autorefresh=app.debug,
        max_age=A_YEAR,
        immutable_file_test=lambda _path, _url: True,
        add_headers_function=_refuse_sniffing,
    )


def version_of(folder: Path) -> str:
    """A digest of every file below; modules and stylesheets that name each other stay within one version."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest.update(str(path.relative_to(folder)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


def _refuse_sniffing(headers: Headers, _path: str, _url: str) -> None:
    headers.add_header("X-Content-Type-Options", "nosniff")
