output "buckets" {
  description = "The buckets of functions.json, as gs:// URIs."
  value       = { for name, bucket in google_storage_bucket.data : name => "gs://${bucket.name}" }
}

output "upload_command" {
  description = "Starts a run: a folder with tune.json and the data that it names."
  value       = "gcloud storage cp --recursive FOLDER gs://${local.inbox}/"
}

output "firestore_database" {
  description = "Where the run documents are: collection runs."
  value       = google_firestore_database.this.name
}

output "tunedrop_json" {
  description = "Where the deployment is, for the command line: terraform output -raw tunedrop_json > tunedrop.json"
  value = jsonencode({
    project  = var.project_id
    region   = var.region
    inbox    = local.inbox
    results  = local.results
    database = google_firestore_database.this.name
  })
}

output "console" {
  description = "Pages of the Google Cloud console."
  value = {
    inbox     = "https://console.cloud.google.com/storage/browser/${local.inbox}?project=${var.project_id}"
    results   = "https://console.cloud.google.com/storage/browser/${local.results}?project=${var.project_id}"
    runs      = "https://console.cloud.google.com/firestore/databases/${google_firestore_database.this.name}/data/panel/runs?project=${var.project_id}"
    jobs      = "https://console.cloud.google.com/vertex-ai/pipelines/runs?project=${var.project_id}"
    alerts    = "https://console.cloud.google.com/monitoring/alerting?project=${var.project_id}"
    dashboard = "https://console.cloud.google.com/monitoring/dashboards/builder/${basename(google_monitoring_dashboard.this.id)}?project=${var.project_id}"
  }
}

output "functions" {
  description = "Addresses of the functions; reached from inside of the project only."
  value       = { for name, function in google_cloudfunctions2_function.this : name => function.service_config[0].uri }
}

output "service_accounts" {
  description = "Who each part runs as. Owners of other data and output buckets let these in."
  value       = local.email
}

output "dead_letter_subscriptions" {
  description = "Where messages lie that no function could take."
  value       = [for subscription in google_pubsub_subscription.dead_letters : subscription.name]
}

output "tensorboards" {
  description = "Where jobs send metrics whose manifest names no TensorBoard."
  value       = local.tensorboards
}

# Read by scripts/deploy/*.sh and by the smoke test of cloudbuild.apply.yaml.
output "deploy_env" {
  description = "What the steps after an apply need, as lines of a shell."
  value = join("\n", [
    "PROJECT_ID=${var.project_id}",
    "PROJECT_NUMBER=${data.google_project.this.number}",
    "INBOX_BUCKET=${local.inbox}",
    "FIRESTORE_DATABASE=${google_firestore_database.this.name}",
    "EVENT_TRIGGERS=\"${join(" ", [for name in keys(local.storage_triggers) : google_cloudfunctions2_function.this[name].event_trigger[0].trigger])}\"",
    "DEAD_LETTER_TOPIC=${one(local.dead_letter_topics)}",
    "MAX_DELIVERY_ATTEMPTS=${max([for trigger in values(local.storage_triggers) : trigger.maxDeliveryAttempts]...)}",
    "",
  ])
}

output "watched_by" {
  description = "Who hears of what the project spends."
  value       = length(local.budgets) > 0 ? "the budget of the project" : coalesce(var.budget_reason, "nobody")
}
