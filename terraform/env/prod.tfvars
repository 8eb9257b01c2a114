project_id  = "tunedrop-prod"
environment = "prod"
region      = "us-central1"

tensorboard_regions   = ["us-central1", "europe-west4"]
firestore_backup_days = 30
retired_models        = "error"

# alert_emails     = ["on-call@example.com"]
# uploader_members = ["group:tuners@example.com"]
# reader_members   = ["group:tuners@example.com"]
# budget           = { billing_account = "000000-000000-000000", amount = 5000 }
