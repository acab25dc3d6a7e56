"""The application: the only place that names concrete adapters and puts the parts together."""

from ringbinder.app.adapters import make_engine
from ringbinder.app.jobs import run_jobs
from ringbinder.app.parts import Parts, assemble
from ringbinder.app.secret import installation_secret
from ringbinder.app.web import create_app

__all__ = ["Parts", "assemble", "create_app", "installation_secret", "make_engine", "run_jobs"]
