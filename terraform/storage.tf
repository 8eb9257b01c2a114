resource "google_storage_bucket" "data" {
  for_each = local.buckets

  name                        = "${local.bucket_prefix}-${each.key}"
  location                    = var.region
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"

  versioning {
    enabled = true
  }

  soft_delete_policy {
    retention_duration_seconds = 604800
  }

  lifecycle_rule {
    action {
      type = "Delete"
    }
    condition {
      days_since_noncurrent_time = var.noncurrent_retention_days
      with_state                 = "ARCHIVED"
    }
  }

  lifecycle_rule {
    action {
      type = "AbortIncompleteMultipartUpload"
    }
    condition {
      age = 7
    }
  }

  # What people uploaded stays, and so do reports and models; only the checked copies of data sets go.
  dynamic "lifecycle_rule" {
    for_each = each.key == "results" ? ["staging/"] : []
    content {
      action {
        type = "Delete"
      }
      condition {
        age            = var.staging_retention_days
        matches_prefix = [lifecycle_rule.value]
        with_state     = "LIVE"
      }
    }
  }

  dynamic "encryption" {
    for_each = var.cmek ? [local.kms_key] : []
    content {
      default_kms_key_name = encryption.value
    }
  }

  lifecycle {
    prevent_destroy = true
  }

  depends_on = [google_project_service.this, google_kms_crypto_key_iam_member.agents]
}

locals {
  inbox   = google_storage_bucket.data["inbox"].name
  results = google_storage_bucket.data["results"].name

  # Every function records what it did to a run; only the one that checks data copies it.
  results_writes = merge(
    { for name in keys(local.functions) : "${name}-runs" => { function = name, prefix = "runs/" } },
    { "validate-staging" = { function = "validate", prefix = "staging/" } },
  )
}

# The inbox

resource "google_storage_bucket_iam_member" "inbox_uploaders" {
  for_each = var.uploader_members

  bucket = local.inbox
  role   = "roles/storage.objectUser"
  member = each.key
}

resource "google_storage_bucket_iam_member" "inbox_validate" {
  bucket = local.inbox
  role   = local.role.object_reader
  member = local.member.validate

  depends_on = [google_service_account.this, google_project_iam_custom_role.this]
}

# The results: listing is asked of the bucket and not of a name (inferred), so reading has no condition.

resource "google_storage_bucket_iam_member" "results_functions_read" {
  for_each = local.functions

  bucket = local.results
  role   = local.role.object_reader
  member = local.member[each.key]

  depends_on = [google_service_account.this, google_project_iam_custom_role.this]
}

resource "google_storage_bucket_iam_member" "results_functions_write" {
  for_each = local.results_writes

  bucket = local.results
  role   = local.role.object_writer
  member = local.member[each.value.function]

  condition {
    title      = "only ${each.value.prefix}"
    expression = "resource.name.startsWith(\"projects/_/buckets/${local.results}/objects/${each.value.prefix}\")"
  }

  depends_on = [google_service_account.this, google_project_iam_custom_role.this]
}

# Jobs run Google's code with our data: they read all results, and write where no function reads a decision from.

resource "google_storage_bucket_iam_member" "results_tuning_reads" {
  bucket = local.results
  role   = "roles/storage.objectViewer"
  member = local.member.tuning

  depends_on = [google_service_account.this]
}

resource "google_storage_bucket_iam_member" "results_tuning_writes" {
  bucket = local.results
  role   = "roles/storage.objectAdmin"
  member = local.member.tuning

  condition {
    title      = "only output/"
    expression = "resource.name.startsWith(\"projects/_/buckets/${local.results}/objects/output/\")"
  }

  depends_on = [google_service_account.this]
}

resource "google_storage_bucket_iam_member" "results_readers" {
  for_each = var.reader_members

  bucket = local.results
  role   = "roles/storage.objectViewer"
  member = each.key
}

# Other buckets may be another project's, where our own roles do not exist.
resource "google_storage_bucket_iam_member" "other_data" {
  for_each = var.allowed_data_buckets

  bucket = each.key
  role   = "roles/storage.objectViewer"
  member = local.member.validate

  depends_on = [google_service_account.this]
}

# What is deployed: bundles of the functions

resource "google_storage_bucket" "source" {
  name                        = "${local.bucket_prefix}-source"
  location                    = var.region
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  # Nothing that cannot be built again.
  force_destroy = true

  dynamic "encryption" {
    for_each = var.cmek ? [local.kms_key] : []
    content {
      default_kms_key_name = encryption.value
    }
  }

  depends_on = [google_project_service.this, google_kms_crypto_key_iam_member.agents]
}

# The name carries the content: an object that is replaced under the same name deploys nothing.
# github.com/hashicorp/terraform-provider-google/issues/1938
resource "google_storage_bucket_object" "bundle" {
  for_each = local.functions

  bucket = google_storage_bucket.source.name
  name   = "functions/${each.key}-${filemd5("${var.bundles_dir}/${each.key}.zip")}.zip"
  source = "${var.bundles_dir}/${each.key}.zip"

  lifecycle {
    create_before_destroy = true
  }
}

resource "google_storage_bucket_iam_member" "source_build" {
  bucket = google_storage_bucket.source.name
  role   = "roles/storage.objectViewer"
  member = local.member.build

  depends_on = [google_service_account.this]
}
