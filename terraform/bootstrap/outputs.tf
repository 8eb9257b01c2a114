output "state_bucket" {
  description = "For env/NAME.gcs.tfbackend, and for the backend of this folder itself."
  value       = google_storage_bucket.state.name
}

output "plans_bucket" {
  description = "Where cloudbuild.yaml keeps plans, by commit."
  value       = google_storage_bucket.plans.name
}

output "accounts" {
  description = "Who plans and who deploys."
  value       = local.email
}

output "first_deployment" {
  description = "Everything in one build, for whoever may act as the deploy account: checks, plans, and applies that very plan."
  value = join(" ", [
    "gcloud builds submit --project=${var.project_id}",
    "--service-account=${local.account_name.deploy}",
    "--substitutions=_ENVIRONMENT=${var.environment},_ACTION=apply,COMMIT_SHA=$(git rev-parse HEAD)",
  ])
}
