"""Figures of the running process for Prometheus, at /metrics/ of the operator's host."""

from prometheus_client import Counter, Histogram

REQUESTS = Histogram(
    "qz_request_seconds",
    "Time of a request",
    ["method", "status"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10),
)
FACTS = Counter("qz_facts_delivered_total", "Facts delivered to reactions", ["outcome"])


def observe_request(method: str, status: int, seconds: float) -> None:
    REQUESTS.labels(method, f"{status // 100}xx").observe(seconds)


def count_facts(done: int, failed: int) -> None:
    FACTS.labels("done").inc(done)
    FACTS.labels("failed").inc(failed)
