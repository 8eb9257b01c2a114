output "state_bucket" {
  description = "For env/NAME.gcs.tfbackend, and for the backend of this folder itself."
  value       = google_storage_bucket.state.name
}

output "plans_bucket" {
  description = "Where cloudbuild.yaml keeps plans, by commit and build."
  value       = google_storage_bucket.plans.name
}

output "accounts" {
  description = "Who plans and who deploys."
  value       = local.email
}

output "first_deployment" {
  description = "The first plan, for whoever may act as the account that plans; later ones are made by a push."
  value = join(" ", [
    "gcloud builds submit --project=${var.project_id}",
    "--service-account=${local.account_name.plan}",
    "--gcs-source-staging-dir=gs://${google_storage_bucket.plans.name}/source",
    "--substitutions=_ENVIRONMENT=${var.environment},COMMIT_SHA=$(git rev-parse HEAD)",
  ])
}
