"""Telling RQ's workers that a job waits, through a queue in Redis. Loaded only where Redis is set."""

from __future__ import annotations

import logging
import uuid

import redis
from rq import Queue
from rq.serializers import JSONSerializer

QUEUE_NAME = "amparo"
#: What RQ calls in a worker.
PERFORM = "amparo.runtime.jobs.worker.perform_announced"
#: RQ gives up on its entry after this long; the job itself is then resumed by the sweeper.
_ENTRY_SECONDS = 24 * 3600
_REDIS_SECONDS = 5.0

_log = logging.getLogger(__name__)


class RedisAnnouncer:
    def __init__(self, url: str) -> None:
        self._redis = redis.Redis.from_url(url, socket_connect_timeout=_REDIS_SECONDS, socket_timeout=_REDIS_SECONDS)

    def announce(self, slug: str, job: uuid.UUID) -> None:
        try:
            queue = Queue(QUEUE_NAME, connection=self._redis, serializer=JSONSerializer)
            queue.enqueue_call(PERFORM, (slug, str(job)), timeout=_ENTRY_SECONDS, result_ttl=0, failure_ttl=0)
        except redis.RedisError as error:
            _log.warning("%s: job %s waits, Redis cannot be reached (%s).", slug, job, type(error).__name__)

    def start(self) -> None:
        """Workers are processes of their own."""

    def close(self) -> None:
        self._redis.close()
