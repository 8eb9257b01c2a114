locals {
  # A trigger needs a repository that is connected.
  triggers = var.repository == null ? 0 : 1

  substitutions = {
    _ENVIRONMENT  = var.environment
    _PLANS_BUCKET = google_storage_bucket.plans.name
  }
  account_name = { for name, email in local.email : name => "projects/${var.project_id}/serviceAccounts/${email}" }
}

resource "google_cloudbuild_trigger" "review" {
  count = local.triggers

  name            = "tunedrop-review"
  description     = "Checks a pull request"
  location        = var.region
  filename        = "cloudbuild.review.yaml"
  service_account = local.account_name.review

  repository_event_config {
    repository = var.repository
    pull_request {
      branch          = var.branch
      comment_control = "COMMENTS_ENABLED_FOR_EXTERNAL_CONTRIBUTORS_ONLY"
    }
  }

  depends_on = [google_project_iam_member.this]
}

resource "google_cloudbuild_trigger" "plan" {
  count = local.triggers

  name            = "tunedrop-plan"
  description     = "Plans a commit and keeps the plan"
  location        = var.region
  filename        = "cloudbuild.yaml"
  service_account = local.account_name.plan
  substitutions   = local.substitutions

  repository_event_config {
    repository = var.repository
    push {
      branch = var.branch
    }
  }

  depends_on = [google_project_iam_member.this]
}

# Waits from the push on. Approve it when the build of tunedrop-plan for the same commit has succeeded and its plan was read.
resource "google_cloudbuild_trigger" "apply" {
  count = local.triggers

  name            = "tunedrop-apply"
  description     = "Applies the kept plan of a commit, once approved"
  location        = var.region
  filename        = "cloudbuild.apply.yaml"
  service_account = local.account_name.deploy
  substitutions   = local.substitutions

  approval_config {
    approval_required = true
  }

  repository_event_config {
    repository = var.repository
    push {
      branch = var.branch
    }
  }

  depends_on = [google_project_iam_member.this]
}
