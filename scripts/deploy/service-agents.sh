#!/usr/bin/env bash
# Makes Google create its service agents in a fresh project, which Terraform's google provider cannot. Once per project, before
# the first apply; doing it again changes nothing.
#   service-agents.sh PROJECT_ID
set -euo pipefail

services=(aiplatform artifactregistry cloudfunctions cloudscheduler eventarc firestore pubsub run)

gcloud services enable "${services[@]/%/.googleapis.com}" --project="$1"
for service in "${services[@]}"; do
  gcloud beta services identity create --service="$service.googleapis.com" --project="$1"
done
