# What a plan refuses, before anything is asked of Google.

mock_provider "google" {}
mock_provider "time" {}

variables {
  project_id  = "some-project"
  environment = "test"
  bundles_dir = "tests/fixtures"
}

run "keys_of_ones_own_outside_of_us_central1" {
  command = plan
  variables {
    cmek   = true
    region = "europe-west4"
  }
  expect_failures = [var.cmek]
}

run "keys_of_ones_own_with_a_database_elsewhere" {
  command = plan
  variables {
    cmek               = true
    firestore_location = "nam5"
  }
  expect_failures = [var.cmek]
}

run "keys_of_ones_own_with_a_tensorboard_elsewhere" {
  command = plan
  variables {
    cmek                = true
    tensorboard_regions = ["us-central1", "europe-west4"]
  }
  expect_failures = [var.cmek]
}

run "a_region_without_pipelines" {
  command = plan
  variables {
    region = "us-east5"
  }
  expect_failures = [var.region]
}

run "a_default_region_without_pipelines" {
  command = plan
  variables {
    default_region = "mars-north1"
  }
  expect_failures = [var.default_region]
}

run "a_tensorboard_where_no_pipeline_runs" {
  command = plan
  variables {
    tensorboard_regions = ["us-east5"]
  }
  expect_failures = [var.tensorboard_regions]
}

run "a_project_number_for_an_id" {
  command = plan
  variables {
    project_id = "123456789012"
  }
  expect_failures = [var.project_id]
}

run "uploads_by_everybody" {
  command = plan
  variables {
    uploader_members = ["allUsers"]
  }
  expect_failures = [var.uploader_members]
}

run "results_for_everybody" {
  command = plan
  variables {
    reader_members = ["allAuthenticatedUsers"]
  }
  expect_failures = [var.reader_members]
}

run "staged_data_that_goes_before_a_job_has_read_it" {
  command = plan
  variables {
    staging_retention_days = 3
  }
  expect_failures = [var.staging_retention_days]
}

run "a_job_account_of_another_project" {
  command = plan
  variables {
    allowed_service_accounts = ["tuner@another-project.iam.gserviceaccount.com"]
  }
  expect_failures = [var.allowed_service_accounts]
}

run "a_budget_of_nothing" {
  command = plan
  variables {
    budget = { billing_account = "000000-000000-000000", amount = 0 }
  }
  expect_failures = [var.budget]
}

run "a_word_that_the_functions_do_not_know" {
  command = plan
  variables {
    on_same_bytes  = "maybe"
    retired_models = "ignore"
  }
  expect_failures = [var.on_same_bytes, var.retired_models]
}

run "a_retry_scale_that_lengthens" {
  command = plan
  variables {
    retry_scale = 2
  }
  expect_failures = [var.retry_scale]
}

run "an_agent_of_tuning_that_there_is_not" {
  command = plan
  variables {
    tuning_agents = ["gemini"]
  }
  expect_failures = [var.tuning_agents]
}

run "production_without_a_number_of_jobs" {
  command = plan
  variables {
    environment     = "prod"
    alert_emails    = ["on-call@example.com"]
    budget          = { billing_account = "000000-000000-000000", amount = 100 }
    max_active_jobs = { gemini = 0, open_models = 2, pipelines = 1 }
  }
  expect_failures = [var.max_active_jobs]
}

run "production_without_a_cap_on_steps" {
  command = plan
  variables {
    environment     = "prod"
    alert_emails    = ["on-call@example.com"]
    budget          = { billing_account = "000000-000000-000000", amount = 100 }
    max_train_steps = null
  }
  expect_failures = [var.max_train_steps]
}

run "production_without_a_cap_on_tokens" {
  command = plan
  variables {
    environment         = "prod"
    alert_emails        = ["on-call@example.com"]
    budget              = { billing_account = "000000-000000-000000", amount = 100 }
    max_training_tokens = null
  }
  expect_failures = [var.max_training_tokens]
}

run "production_without_a_cap_on_accelerators" {
  command = plan
  variables {
    environment      = "prod"
    alert_emails     = ["on-call@example.com"]
    budget           = { billing_account = "000000-000000-000000", amount = 100 }
    max_accelerators = null
  }
  expect_failures = [var.max_accelerators]
}

run "production_without_a_cap_on_runs_a_day" {
  command = plan
  variables {
    environment           = "prod"
    alert_emails          = ["on-call@example.com"]
    budget                = { billing_account = "000000-000000-000000", amount = 100 }
    max_folder_runs_a_day = null
  }
  expect_failures = [var.max_folder_runs_a_day]
}

run "production_without_a_budget" {
  command = plan
  variables {
    environment  = "prod"
    alert_emails = ["on-call@example.com"]
  }
  expect_failures = [var.budget]
}

run "production_without_somebody_to_alert" {
  command = plan
  variables {
    environment = "prod"
    budget      = { billing_account = "000000-000000-000000", amount = 100 }
  }
  expect_failures = [var.alert_emails]
}

run "production_by_a_name_that_nobody_knows" {
  command = plan
  variables {
    environment  = "live"
    alert_emails = ["on-call@example.com"]
  }
  expect_failures = [var.budget]
}

run "a_budget_of_none_without_a_reason" {
  command = plan
  variables {
    environment  = "prod"
    alert_emails = ["on-call@example.com"]
    budget       = "none"
  }
  expect_failures = [var.budget_reason]
}

run "a_budget_of_something_else" {
  command = plan
  variables {
    environment  = "prod"
    alert_emails = ["on-call@example.com"]
    budget       = "later"
  }
  expect_failures = [var.budget]
}

run "a_budget_with_a_member_that_is_misspelt" {
  command = plan
  variables {
    budget = { billing_account = "000000-000000-000000", amonut = 100 }
  }
  expect_failures = [var.budget]
}
