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
