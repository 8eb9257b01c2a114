resource "google_firestore_database" "this" {
  name                              = var.firestore_database
  location_id                       = local.firestore_location
  type                              = "FIRESTORE_NATIVE"
  concurrency_mode                  = "OPTIMISTIC"
  app_engine_integration_mode       = "DISABLED"
  point_in_time_recovery_enablement = "POINT_IN_TIME_RECOVERY_ENABLED"
  delete_protection_state           = "DELETE_PROTECTION_ENABLED"
  # What is forgotten here stays there: documents outlive the state file.
  deletion_policy = "ABANDON"

  dynamic "cmek_config" {
    for_each = var.cmek ? [local.kms_key] : []
    content {
      kms_key_name = cmek_config.value
    }
  }

  lifecycle {
    prevent_destroy = true
  }

  depends_on = [google_project_service.this, google_kms_crypto_key_iam_member.agents]
}

# Composite indexes, for what people ask (docs/queries.md). The queries of shared/adapters/firestore.ts need none: each is one field, or
# equalities that single-field indexes are merged for. The embedded Firestore refuses what these do not serve, so a test fails before a
# deployment does.
resource "google_firestore_index" "this" {
  for_each = {
    for index in local.topology.indexes :
    join(" ", concat([index.collection], [for field in index.fields : field.path])) => index
  }

  database    = google_firestore_database.this.name
  collection  = each.value.collection
  query_scope = try(each.value.scope, "COLLECTION")

  dynamic "fields" {
    for_each = each.value.fields
    content {
      field_path   = fields.value.path
      order        = try(fields.value.order, "") == "CONTAINS" ? null : fields.value.order
      array_config = try(fields.value.order, "") == "CONTAINS" ? "CONTAINS" : null
    }
  }
}

locals {
  # Large, written often, and asked for by no query. An index of a list has an entry for each of its elements.
  unindexed = {
    "metrics/points"    = { collection = "metrics", field = "points" }
    "runs/manifestText" = { collection = "runs", field = "spec.manifestText" }
    "runs/history"      = { collection = "runs", field = "status.history" }
    "runs/issues"       = { collection = "runs", field = "status.issues" }
  }
}

resource "google_firestore_field" "unindexed" {
  for_each = local.unindexed

  database   = google_firestore_database.this.name
  collection = each.value.collection
  field      = each.value.field

  # Empty: no index at all.
  index_config {}
}

# What is said of uploads that start nothing is of no use after a month. Every other document is kept: none has a field with a timestamp.
resource "google_firestore_field" "expiring" {
  database   = google_firestore_database.this.name
  collection = "uploads"
  field      = "expireAt"

  ttl_config {}
  index_config {}
}

resource "google_firestore_backup_schedule" "daily" {
  count = var.firestore_backup_days > 0 ? 1 : 0

  database  = google_firestore_database.this.name
  retention = "${var.firestore_backup_days * 86400}s"

  daily_recurrence {}
}

locals {
  # Roles on documents are given on the project; the condition leaves one database of it.
  # firebase.google.com/docs/firestore/manage-databases#configure_per-database_access_permissions
  database_condition = {
    title      = "only the database ${var.firestore_database}"
    expression = "resource.name == \"projects/${var.project_id}/databases/${var.firestore_database}\""
  }
}

resource "google_project_iam_member" "functions_runs" {
  for_each = local.functions

  project = var.project_id
  role    = local.role.runs
  member  = local.member[each.key]

  condition {
    title      = local.database_condition.title
    expression = local.database_condition.expression
  }

  depends_on = [google_service_account.this, google_project_iam_custom_role.this]
}

resource "google_project_iam_member" "readers_runs" {
  for_each = var.reader_members

  project = var.project_id
  role    = "roles/datastore.viewer"
  member  = each.key

  condition {
    title      = local.database_condition.title
    expression = local.database_condition.expression
  }
}
