project_id  = "tunedrop-prod"
environment = "prod"
region      = "us-central1"

tensorboard_regions   = ["us-central1", "europe-west4"]
firestore_backup_days = 30
retired_models        = "error"

# Once the project has had its first tuning job: docs/operations.md, step 6.
# tuning_agents    = ["tuning", "open_tuning"]
# alert_emails     = ["on-call@example.com"]
# uploader_members = ["group:tuners@example.com"]
# reader_members   = ["group:tuners@example.com"]
# budget           = { billing_account = "000000-000000-000000", amount = 5000 }
