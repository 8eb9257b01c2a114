#!/usr/bin/env bash
# Writes the digest behind each image of the builds, so that a tag which is moved changes nothing: image:1.2 becomes
# image:1.2@sha256:… Needs docker with buildx. To go to another version, write it without a digest and run this again.
set -euo pipefail

sed -n 's/^ *name: \([^@ ]*\)$/\1/p' cloudbuild*.yaml | sort -u | while read -r image; do
  digest=$(docker buildx imagetools inspect "$image" --format '{{.Manifest.Digest}}' </dev/null)
  if ! [[ $digest =~ ^sha256:[0-9a-f]{64}$ ]]; then
    echo "$image has no digest: $digest" >&2
    exit 1
  fi
  sed -i.before "s|^\( *name: $image\)\$|\1@$digest|" cloudbuild*.yaml
  rm cloudbuild*.yaml.before
  echo "$image@$digest"
done
