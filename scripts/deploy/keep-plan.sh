#!/usr/bin/env bash
# Packs the plan with all that applying it needs, keeps that as one object which nothing replaces, and asks for an approval of its
# SHA-256. Run by cloudbuild.yaml, from the root.
#   keep-plan.sh BUCKET COMMIT/BUILD
set -euo pipefail

tar -czf release.tgz \
  terraform/*.tf terraform/env terraform/.terraform.lock.hcl terraform/plan.tfplan \
  functions/functions.json package.json dist/*.zip dist/deploy \
  scripts/deploy/attach-dead-letters.sh examples/medical-specialty
sha256=$(sha256sum release.tgz | cut -d ' ' -f 1)

gcloud storage cp --if-generation-match=0 release.tgz "gs://$1/$2/release.tgz"
gcloud pubsub topics publish tunedrop-plans --message="{\"plan\": \"$2\", \"sha256\": \"$sha256\"}"
cat <<SAID
The plan above is kept. tunedrop-apply waits for an approval; approve it if it says
  _PLAN         $2
  _PLAN_SHA256  $sha256
SAID
