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

resource "google_project_iam_member" "evaluate_vertex" {
  project = var.project_id
  role    = local.role.asker
  member  = local.member.evaluate

  depends_on = [google_service_account.this, google_project_iam_custom_role.this]
}

locals {
  # Both create jobs: poll makes the next attempt of one that failed by something that passes.
  job_creators = ["submit", "poll"]
  job_accounts = setunion([local.email.tuning], var.allowed_service_accounts)
}

# The account of the jobs: metadata, custom jobs, upload and deployment of the model.
resource "google_project_iam_member" "tuning_vertex" {
  project = var.project_id
  role    = "roles/aiplatform.user"
  member  = local.member.tuning

  depends_on = [google_service_account.this]
}

# Google asks for this role of an account that runs tuning jobs (discovery document of tuningJobs, serviceAccount). It also reads, writes
# and deletes in every bucket and table of the project, which is left out here: the account gets its buckets one by one, in storage.tf.
# That such a condition lets the rest of the role through is inferred; what it holds of Vertex AI is in roles/aiplatform.user too.
resource "google_project_iam_member" "tuning_service_agent" {
  for_each = local.job_accounts

  project = var.project_id
  role    = "roles/aiplatform.tuningServiceAgent"
  member  = "serviceAccount:${each.key}"

  condition {
    title      = "no buckets and no tables"
    expression = "resource.service != \"storage.googleapis.com\" && resource.service != \"bigquery.googleapis.com\""
  }

  depends_on = [google_service_account.this]
}

# A job names its account, and Google's agent takes that account's place while the job runs. For Gemini this is documented; that the
# agent of open models does the same is inferred.
resource "google_service_account_iam_member" "agents_become" {
  for_each = {
    for pair in setproduct(keys(local.tuning_agent), local.job_accounts) : "${pair[0]} as ${pair[1]}" => pair
  }

  service_account_id = "projects/${var.project_id}/serviceAccounts/${each.value[1]}"
  role               = "roles/iam.serviceAccountTokenCreator"
  member             = local.tuning_agent[each.value[0]]

  depends_on = [google_service_account.this]
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
