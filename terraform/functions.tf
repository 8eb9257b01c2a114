resource "google_cloudfunctions2_function" "this" {
  for_each = local.functions

  name         = each.key
  location     = var.region
  description  = join("; ", [for trigger in each.value.triggers : "woken by ${trigger.kind}"])
  labels       = { tunedrop-version = replace(local.version, ".", "-") }
  kms_key_name = var.cmek ? local.kms_key : null

  build_config {
    runtime           = "nodejs24"
    entry_point       = each.key
    service_account   = "projects/${var.project_id}/serviceAccounts/${local.email.build}"
    docker_repository = google_artifact_registry_repository.functions.id

    source {
      storage_source {
        bucket = google_storage_bucket.source.name
        object = google_storage_bucket_object.bundle[each.key].name
      }
    }
  }

  service_config {
    service_account_email            = local.email[each.key]
    ingress_settings                 = "ALLOW_INTERNAL_ONLY"
    available_memory                 = each.value.memory
    available_cpu                    = "1"
    timeout_seconds                  = each.value.timeoutSeconds
    max_instance_request_concurrency = each.value.concurrency
    min_instance_count               = 0
    max_instance_count               = each.value.maxInstances
    all_traffic_on_latest_revision   = true
    environment_variables            = local.environment_variables
  }

  dynamic "event_trigger" {
    for_each = [for trigger in each.value.triggers : trigger if trigger.kind == "storage"]
    content {
      event_type = event_trigger.value.eventType
      # Has to be where the bucket is; the provider keeps a bucket's location in capitals.
      trigger_region        = lower(google_storage_bucket.data[event_trigger.value.bucket].location)
      retry_policy          = "RETRY_POLICY_RETRY"
      service_account_email = local.email.trigger

      event_filters {
        attribute = "bucket"
        value     = google_storage_bucket.data[event_trigger.value.bucket].name
      }
    }
  }

  depends_on = [
    time_sleep.agents,
    google_service_account.this,
    google_project_iam_member.build_logs,
    google_project_iam_member.build_reads_uploads,
    google_artifact_registry_repository_iam_member.build,
    google_storage_bucket_iam_member.source_build,
    google_kms_crypto_key_iam_member.agents,
  ]
}

locals {
  # No cap has to be said: functions that are told nothing have one.
  caps = {
    max_train_steps       = var.max_train_steps == null ? "none" : format("%d", var.max_train_steps)
    max_training_tokens   = var.max_training_tokens == null ? "none" : format("%d", var.max_training_tokens)
    max_accelerators      = var.max_accelerators == null ? "none" : format("%d", var.max_accelerators)
    max_folder_runs_a_day = var.max_folder_runs_a_day == null ? "none" : format("%d", var.max_folder_runs_a_day)
  }

  # Every variable of shared/runtime/config.ts.
  environment_variables = merge(
    {
      NODE_ENV                   = "production" # functions-framework answers with the words of errors otherwise
      GOOGLE_CLOUD_PROJECT       = var.project_id
      INBOX_BUCKET               = local.inbox
      RESULTS_BUCKET             = local.results
      FIRESTORE_DATABASE         = google_firestore_database.this.name
      DEFAULT_REGION             = local.default_region
      DATASET_WAIT_SECONDS       = tostring(var.dataset_wait_seconds)
      UNNAMED_DATA_SECONDS       = tostring(var.unnamed_data_seconds)
      ON_SAME_BYTES              = var.on_same_bytes
      RETRY_SCALE                = tostring(var.retry_scale)
      MAX_ACTIVE_GEMINI_JOBS     = tostring(var.max_active_jobs.gemini)
      MAX_ACTIVE_OPEN_MODEL_JOBS = tostring(var.max_active_jobs.open_models)
      MAX_ACTIVE_PIPELINE_JOBS   = tostring(var.max_active_jobs.pipelines)
      MAX_WAIT_DAYS              = tostring(var.max_wait_days)
      MAX_UNWANTED_JOBS          = tostring(var.max_unwanted_jobs)
      WARM_UP_PROJECT            = var.warm_up_project ? "on" : "off"
      VERTEX_AI_ENDPOINT         = "" # only the embedded cloud has another than Google's
      CONSOLE_URL                = var.console_url
      ALLOWED_DATA_BUCKETS       = join(",", var.allowed_data_buckets)
      TEAM_FOLDERS               = var.team_folders ? "on" : "off"
      ALLOWED_DATASETS           = join(",", var.allowed_datasets)
      HTTPS_FILES                = var.https_files ? "on" : "off"
      CONVERT_DATA               = var.convert_data ? "on" : "off"
      SHOW_EXAMPLES              = var.show_examples ? "on" : "off"
      ALLOWED_SERVICE_ACCOUNTS   = join(",", var.allowed_service_accounts)
      DEFAULT_SERVICE_ACCOUNT    = local.email.tuning
      ALLOWED_KMS_KEYS           = join(",", concat(var.cmek ? [local.kms_key] : [], tolist(var.allowed_kms_keys)))
      ALLOWED_TENSORBOARDS       = join(",", var.allowed_tensorboards)
      DEFAULT_TENSORBOARDS       = join(",", local.tensorboards)
      ALLOWED_OUTPUT_ROOTS       = join(",", var.allowed_output_roots)
      ALLOWED_TUNED_MODELS       = join(",", var.allowed_tuned_models)
      GEMINI_REGION              = var.gemini_region
      OPEN_MODEL_REGION          = var.open_model_region
      RETIRED_MODELS             = var.retired_models
      MODEL_PRICES               = join(",", [for model, price in var.model_prices : "${model}=${price}"])
      UNKNOWN_PRICES             = var.unknown_prices
      MAX_TRAIN_STEPS            = local.caps.max_train_steps
      MAX_TRAINING_TOKENS        = local.caps.max_training_tokens
      MAX_ACCELERATORS           = local.caps.max_accelerators
      MAX_FOLDER_RUNS_A_DAY      = local.caps.max_folder_runs_a_day
    },
    # Nothing and not empty: an empty limit would be none that the functions take.
    var.max_cost_usd == null ? {} : { MAX_COST_USD = tostring(var.max_cost_usd) },
    var.max_folder_usd_a_month == null ? {} : { MAX_FOLDER_USD_A_MONTH = tostring(var.max_folder_usd_a_month) },
    var.max_tuning_hours == null ? {} : { MAX_TUNING_HOURS = tostring(var.max_tuning_hours) },
  )
}

# A function's service, not the function: roles of functions refuse run.invoker. A function that is replaced has a new service
# without bindings, so they are replaced with it.

resource "google_cloud_run_v2_service_iam_member" "trigger_invokes" {
  for_each = toset([for trigger in local.triggers : trigger.function if trigger.kind != "schedule"])

  project  = var.project_id
  location = var.region
  name     = google_cloudfunctions2_function.this[each.key].name
  role     = "roles/run.invoker"
  member   = local.member.trigger

  lifecycle {
    replace_triggered_by = [google_cloudfunctions2_function.this[each.key].id]
  }
}

resource "google_cloud_run_v2_service_iam_member" "scheduler_invokes" {
  for_each = local.schedule_triggers

  project  = var.project_id
  location = var.region
  name     = google_cloudfunctions2_function.this[each.key].name
  role     = "roles/run.invoker"
  member   = local.member.scheduler

  lifecycle {
    replace_triggered_by = [google_cloudfunctions2_function.this[each.key].id]
  }
}

# The images that Google builds of the bundles

resource "google_artifact_registry_repository" "functions" {
  repository_id = "tunedrop-functions"
  location      = var.region
  format        = "DOCKER"
  description   = "Images of the functions"
  kms_key_name  = var.cmek ? local.kms_key : null

  cleanup_policies {
    id     = "keep-recent"
    action = "KEEP"
    most_recent_versions {
      keep_count = 10
    }
  }

  cleanup_policies {
    id     = "delete-old"
    action = "DELETE"
    condition {
      tag_state  = "ANY"
      older_than = "7776000s"
    }
  }

  depends_on = [google_project_service.this, google_kms_crypto_key_iam_member.agents]
}

resource "google_artifact_registry_repository_iam_member" "build" {
  repository = google_artifact_registry_repository.functions.name
  location   = var.region
  role       = "roles/artifactregistry.writer"
  member     = local.member.build

  depends_on = [google_service_account.this]
}

resource "google_project_iam_member" "build_logs" {
  project = var.project_id
  role    = "roles/logging.logWriter"
  member  = local.member.build

  depends_on = [google_service_account.this]
}

# Cloud Functions copies every bundle into a bucket that it makes itself.
resource "google_project_iam_member" "build_reads_uploads" {
  project = var.project_id
  role    = "roles/storage.objectViewer"
  member  = local.member.build

  condition {
    title      = "only sources of functions"
    expression = "resource.name.startsWith(\"projects/_/buckets/gcf-v2-sources-${data.google_project.this.number}-\")"
  }

  depends_on = [google_service_account.this]
}
