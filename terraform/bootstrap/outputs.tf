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
