project_id  = "tunedrop-prod"
environment = "prod"
region      = "us-central1"

tensorboard_regions   = ["us-central1", "europe-west4"]
firestore_backup_days = 30
retired_models        = "error"

# Yours in place of these two. Without rights on the billing account: budget = "none", and why in budget_reason.
alert_emails = ["on-call@example.com"]
budget       = { billing_account = "000000-000000-000000", amount = 5000 }

# What whoever may upload can start. A run costs at most what max_cost_usd says, where that is set.
max_active_jobs       = { gemini = 4, open_models = 2, pipelines = 1 }
max_folder_runs_a_day = 20
max_train_steps       = 10000
max_training_tokens   = 100000000
max_accelerators      = 8

# Once the project has had its first tuning job: docs/operations.md, step 6.
# tuning_agents    = ["tuning", "open_tuning"]
# uploader_members = ["group:tuners@example.com"]
# reader_members   = ["group:tuners@example.com"]
