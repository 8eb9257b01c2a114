#!/usr/bin/env bash
# Brings back what cloudbuild.yaml saved for a commit: the plan, the provider versions that made it, and the bundles.
#   fetch-plan.sh gs://BUCKET/COMMIT
set -euo pipefail

if ! gcloud storage ls "$1/plan.tfplan" >/dev/null; then
  echo "there is no plan at $1: its build has not succeeded, or the plan is older than the bucket keeps them" >&2
  exit 1
fi
mkdir -p dist
gcloud storage cp "$1/plan.tfplan" "$1/.terraform.lock.hcl" terraform/
gcloud storage cp "$1/*.zip" dist/
