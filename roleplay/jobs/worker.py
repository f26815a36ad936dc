"""The worker process: takes calls from the queue, and performs each in a child that may be killed."""

from flask import Flask
from redis import Redis
from rq import Queue, Worker
from rq.serializers import JSONSerializer

from roleplay.jobs.means import settings
from roleplay.jobs.waking import QUEUE
from tenants.db import db


class PatientWorker(Worker):
    """A Redis that was away for long is found again soon after it is back."""

    max_connection_wait_time = 5.0


def run_worker(app: Flask, *, burst: bool = False) -> None:
    """Works until SIGTERM, which lets the job at hand finish; with `burst`, until the queue is empty."""
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()  # a child must not inherit an open connection
        connection = Redis.from_url(settings().redis_url)
        worker = PatientWorker(
            [Queue(QUEUE, connection=connection, serializer=JSONSerializer)],
            connection=connection,
            serializer=JSONSerializer,
            worker_ttl=30,
            maintenance_interval=10,
            job_monitoring_interval=5,
            log_job_description=False,
        )
        worker.work(burst=burst, logging_level="WARNING", with_scheduler=False)
