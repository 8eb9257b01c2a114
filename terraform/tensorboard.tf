# Guide: a TensorBoard has to be in the region of the pipeline job, so there is one per region.
resource "google_vertex_ai_tensorboard" "this" {
  for_each = var.tensorboard_regions

  display_name = "tunedrop"
  description  = "Metrics of jobs whose manifest names no TensorBoard"
  region       = each.key

  dynamic "encryption_spec" {
    for_each = var.cmek ? [local.kms_key] : []
    content {
      kms_key_name = encryption_spec.value
    }
  }

  depends_on = [google_project_service.this, google_kms_crypto_key_iam_member.agents]
}

locals {
  # By the project's id, as manifests write it; Google answers with its number.
  tensorboards = [
    for region, tensorboard in google_vertex_ai_tensorboard.this :
    "projects/${var.project_id}/locations/${region}/tensorboards/${basename(tensorboard.name)}"
  ]
}
