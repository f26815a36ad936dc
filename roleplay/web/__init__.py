"""The pages. `register` reads like a table of contents: what every request passes, then the pages in menu order."""

from flask import Flask

from roleplay.web import (
    account,
    assets,
    assignments,
    attempts,
    catalog,
    contacts,
    dev,
    errors,
    evaluation_templates,
    health,
    help_centre,
    home,
    htmx,
    language,
    navigation,
    organization,
    participants,
    participation,
    people,
    personas,
    preferences,
    reports,
    room,
    scenarios,
    scopes,
    security,
    sessions,
    sign_in,
    signed_in,
    times,
    timing,
    words,
)

for page in (
    home,
    catalog,
    reports,
    sessions,
    scenarios,
    personas,
    evaluation_templates,
    assignments,
    participants,
    participation,
    contacts,
    people,
    attempts,
    room,
    preferences,
):
    organization.blueprint.register_blueprint(page.blueprint)


def register(app: Flask) -> None:
    timing.register(app)
    assets.register(app)
    security.register(app)
    htmx.register(app)
    scopes.register(app)
    signed_in.register(app)
    language.register(app)
    navigation.register(app)
    times.register(app)
    words.register(app)
    errors.register(app)

    for blueprint in (
        health.blueprint,
        sign_in.blueprint,
        account.blueprint,
        help_centre.blueprint,
        organization.blueprint,
    ):
        app.register_blueprint(blueprint)
    if app.extensions["settings"].demo:
        app.register_blueprint(dev.blueprint)
