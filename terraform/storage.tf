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

# What no event told of is found by its name; what is in it, validate reads.
resource "google_storage_bucket_iam_member" "inbox_poll" {
  bucket = local.inbox
  role   = local.role.object_lister
  member = local.member.poll

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

# Google's agents for tuning read the checked data; the two of open models write the weights. Google's page gives them
# roles/storage.objectUser on the buckets of data and output; here each may only what it does there, and where. That they look at the
# bucket itself is reported by somebody who runs such jobs, and not documented.

locals {
  open_agents = {
    for name, member in local.agents : name => member
    if contains(["open_tuning", "aiplatform"], name) && contains(var.tuning_agents, "open_tuning")
  }
  data_readers = merge(local.tuning_agent, local.open_agents)
}

resource "google_storage_bucket_iam_member" "results_agents_look" {
  for_each = local.data_readers

  bucket = local.results
  role   = "roles/storage.legacyBucketReader"
  member = each.value
}

resource "google_storage_bucket_iam_member" "results_agents_read" {
  for_each = local.data_readers

  bucket = local.results
  role   = "roles/storage.objectViewer"
  member = each.value

  condition {
    title      = "only staging/"
    expression = "resource.name.startsWith(\"projects/_/buckets/${local.results}/objects/staging/\")"
  }
}

resource "google_storage_bucket_iam_member" "results_agents_write" {
  for_each = local.open_agents

  bucket = local.results
  role   = "roles/storage.objectUser"
  member = each.value

  condition {
    title      = "only output/"
    expression = "resource.name.startsWith(\"projects/_/buckets/${local.results}/objects/output/\")"
  }
}

# Files that a data set names, and weights to begin with, are not copied: whoever runs the job reads them where they lie.

locals {
  job_readers = merge({ account = local.member.tuning }, local.data_readers)
}

resource "google_storage_bucket_iam_member" "inbox_jobs_read" {
  for_each = local.job_readers

  bucket = local.inbox
  role   = "roles/storage.objectViewer"
  member = each.value

  depends_on = [google_service_account.this]
}

resource "google_storage_bucket_iam_member" "other_data_jobs_read" {
  for_each = {
    for pair in setproduct(var.allowed_data_buckets, keys(local.job_readers)) : "${pair[0]} by ${pair[1]}" => pair
  }

  bucket = each.value[0]
  role   = "roles/storage.objectViewer"
  member = local.job_readers[each.value[1]]

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
