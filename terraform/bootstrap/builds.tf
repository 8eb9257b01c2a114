locals {
  apply = yamldecode(file("${path.module}/../../cloudbuild.apply.yaml"))

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

# cloudbuild.yaml says here which plan it kept.
resource "google_pubsub_topic" "plans" {
  name = "tunedrop-plans"

  depends_on = [google_project_service.this]
}

resource "google_pubsub_topic_iam_member" "plan_says" {
  topic  = google_pubsub_topic.plans.name
  role   = "roles/pubsub.publisher"
  member = local.member.plan

  depends_on = [google_service_account.this]
}

# Waits from the message on, and shows what it said: approve it when the log of the build that planned has the same hash, and was read.
# Its steps are here and not read out of the repository when it runs, so that who may push cannot change them.
resource "google_cloudbuild_trigger" "apply" {
  count = length(var.approver_members) > 0 ? 1 : 0

  name            = "tunedrop-apply"
  description     = "Applies a kept plan, once its hash is approved"
  location        = var.region
  service_account = local.account_name.deploy
  substitutions = merge(local.substitutions, {
    _PLAN        = "$(body.message.data.plan)"
    _PLAN_SHA256 = "$(body.message.data.sha256)"
  })

  approval_config {
    approval_required = true
  }

  pubsub_config {
    topic = google_pubsub_topic.plans.id
  }

  build {
    timeout = local.apply.timeout

    dynamic "step" {
      for_each = local.apply.steps
      content {
        id         = step.value.id
        name       = step.value.name
        dir        = try(step.value.dir, null)
        entrypoint = try(step.value.entrypoint, null)
        env        = try(step.value.env, null)
        args       = step.value.args
      }
    }

    options {
      logging               = local.apply.options.logging
      dynamic_substitutions = local.apply.options.dynamicSubstitutions
    }
  }

  depends_on = [google_project_iam_member.this]
}
