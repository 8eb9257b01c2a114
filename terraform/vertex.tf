# Who may do what on Vertex AI.

resource "google_project_iam_member" "submit_vertex" {
  project = var.project_id
  role    = local.role.submitter
  member  = local.member.submit

  depends_on = [google_service_account.this, google_project_iam_custom_role.this]
}

resource "google_project_iam_member" "poll_vertex" {
  project = var.project_id
  role    = local.role.poller
  member  = local.member.poll

  depends_on = [google_service_account.this, google_project_iam_custom_role.this]
}

# The account of the jobs: metadata, custom jobs, upload and deployment of the model.
resource "google_project_iam_member" "tuning_vertex" {
  project = var.project_id
  role    = "roles/aiplatform.user"
  member  = local.member.tuning

  depends_on = [google_service_account.this]
}

locals {
  # Both create jobs: poll makes the next attempt of one that failed by something that passes.
  job_creators = ["submit", "poll"]
  job_accounts = setunion([local.email.tuning], var.allowed_service_accounts)
}

resource "google_service_account_iam_member" "act_as" {
  for_each = {
    for pair in setproduct(local.job_creators, local.job_accounts) : "${pair[0]} as ${pair[1]}" => pair
  }

  service_account_id = "projects/${var.project_id}/serviceAccounts/${each.value[1]}"
  role               = local.role.act_as
  member             = local.member[each.value[0]]

  depends_on = [google_service_account.this, google_project_iam_custom_role.this]
}
