# One key for everything, where var.cmek wants one. Key rings and keys stay for ever: Google deletes neither.

locals {
  kms_key = "projects/${var.project_id}/locations/${var.region}/keyRings/tunedrop/cryptoKeys/tunedrop"
}

resource "google_kms_key_ring" "this" {
  count = var.cmek ? 1 : 0

  name     = "tunedrop"
  location = var.region

  depends_on = [google_project_service.this]
}

resource "google_kms_crypto_key" "this" {
  count = var.cmek ? 1 : 0

  name            = "tunedrop"
  key_ring        = google_kms_key_ring.this[0].id
  rotation_period = "7776000s"

  lifecycle {
    prevent_destroy = true
  }
}

# Data is encrypted by Google's agents. Which ones a function needs: cloud.google.com/functions/docs/securing/cmek.
resource "google_kms_crypto_key_iam_member" "agents" {
  for_each = var.cmek ? local.agent : {}

  crypto_key_id = google_kms_crypto_key.this[0].id
  role          = "roles/cloudkms.cryptoKeyEncrypterDecrypter"
  member        = each.value

  depends_on = [data.google_storage_project_service_account.this]
}
