#!/usr/bin/env bash
# Gives the subscription behind every Eventarc trigger a dead-letter topic: Terraform can set none there, and without one
# Eventarc drops an event after 24 hours. Doing it twice changes nothing; a trigger that was replaced needs it again.
#   attach-dead-letters.sh terraform/deploy.env
set -euo pipefail

# shellcheck source=/dev/null
. "$1"

for trigger in $EVENT_TRIGGERS; do
  subscription=$(gcloud eventarc triggers describe "$trigger" --format='value(transport.pubsub.subscription)')
  if [ -z "$subscription" ]; then
    echo "the trigger $trigger names no subscription" >&2
    exit 1
  fi
  gcloud pubsub subscriptions update "$subscription" \
    --dead-letter-topic="projects/$PROJECT_ID/topics/$DEAD_LETTER_TOPIC" \
    --max-delivery-attempts="$MAX_DELIVERY_ATTEMPTS"
  gcloud pubsub subscriptions add-iam-policy-binding "$subscription" \
    --member="serviceAccount:service-$PROJECT_NUMBER@gcp-sa-pubsub.iam.gserviceaccount.com" \
    --role=roles/pubsub.subscriber >/dev/null
  echo "$subscription: dead letters go to $DEAD_LETTER_TOPIC after $MAX_DELIVERY_ATTEMPTS attempts"
done
