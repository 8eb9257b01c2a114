"""Tunes, follows, lists, asks and cancels with Google's client for Python, unchanged, and prints what came of it as JSON."""

import json
import sys
import time

from google import genai
from google.genai import types
from google.oauth2.credentials import Credentials

client = genai.Client(
    vertexai=True,
    project="demo",
    location="us-central1",
    credentials=Credentials(token="local"),  # nobody outside takes it
    http_options=types.HttpOptions(base_url=f"http://{sys.argv[1]}"),
)
dataset = types.TuningDataset(gcs_uri="gs://data/train.jsonl")


def tune(**config):
    return client.tunings.tune(
        base_model="gemini-2.5-flash",
        training_dataset=dataset,
        config=types.CreateTuningJobConfig(**config),
    )


def ended(job):
    while not job.has_ended:
        time.sleep(0.05)
        job = client.tunings.get(name=job.name)
    return job


started = tune(epoch_count=2, adapter_size="ADAPTER_SIZE_EIGHT", labels={"run": "r1"})
job = ended(started)
answer = client.models.generate_content(model=job.tuned_model.endpoint, contents="hello")
cancelled = tune(epoch_count=1)
client.tunings.cancel(name=cancelled.name)
counted = client.models.count_tokens(model="gemini-2.5-flash", contents="hello")
pieces = client.models.generate_content_stream(model="gemini-2.5-flash", contents="hello")
print(
    json.dumps(
        {
            "started": started.state.name,
            "ended": job.state.name,
            "checkpoints": len(job.tuned_model.checkpoints),
            "listed": len(list(client.tunings.list(config={"filter": 'labels.run="r1"'}))),
            "read": json.loads(answer.text)["read"],
            "streamed": json.loads("".join(piece.text for piece in pieces))["read"],
            "tokens": counted.total_tokens,
            "cancelled": ended(cancelled).state.name,
        }
    )
)
