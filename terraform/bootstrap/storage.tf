resource "google_storage_bucket" "state" {
  name                        = "${var.project_id}-tfstate"
  location                    = var.region
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"

  versioning {
    enabled = true
  }

  lifecycle {
    prevent_destroy = true
  }

  depends_on = [google_project_service.this]
}

# A plan has what the state has, so it is kept as close, and not for long. Who plans makes objects here and replaces none: replacing
# one is deleting it, and no role of that account deletes here.
resource "google_storage_bucket" "plans" {
  name                        = "${var.project_id}-plans"
  location                    = var.region
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  force_destroy               = true

  lifecycle_rule {
    action {
      type = "Delete"
    }
    condition {
      age = 60 # an approval that nobody gave ends after two months
    }
  }

  depends_on = [google_project_service.this]
}

# Planning locks the state, which is an object that is written and deleted.
resource "google_storage_bucket_iam_member" "state" {
  for_each = toset(["plan", "deploy"])

  bucket = google_storage_bucket.state.name
  role   = "roles/storage.objectUser"
  member = local.member[each.key]

  depends_on = [google_service_account.this]
}

resource "google_storage_bucket_iam_member" "plans_written" {
  bucket = google_storage_bucket.plans.name
  role   = "roles/storage.objectCreator"
  member = local.member.plan

  depends_on = [google_service_account.this]
}

# The first build that plans is submitted by hand, and its sources lie beside the plans.
resource "google_storage_bucket_iam_member" "plans_read" {
  for_each = toset(["plan", "deploy"])

  bucket = google_storage_bucket.plans.name
  role   = "roles/storage.objectViewer"
  member = local.member[each.key]

  depends_on = [google_service_account.this]
}
