project_id  = "tunedrop-dev"
environment = "dev"
region      = "us-central1"

# One job at a time, and a short one: eight A100s cost the same in dev.
max_active_jobs = { gemini = 1, open_models = 1, pipelines = 1 }
max_train_steps = 1000

tensorboard_regions = ["us-central1"]

# Once the project has had its first tuning job: docs/operations.md, step 6.
# tuning_agents = ["tuning", "open_tuning"]
