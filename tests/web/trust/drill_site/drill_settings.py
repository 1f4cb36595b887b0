"""The site's own settings, but one address may send what a whole regency sends."""

from pendapa.web.settings import *  # noqa: F403

RATE_LIMIT_FACTOR = 1_000_000
