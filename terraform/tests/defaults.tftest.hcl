# `terraform test`: needs the provider's schema and no credentials, since every provider is mocked. Plans only, so that nothing
# has to be destroyed afterwards that may not be.

mock_provider "google" {
  mock_data "google_project" {
    defaults = { number = "123456789012" }
  }
}
mock_provider "time" {}

variables {
  project_id  = "some-project"
  environment = "test"
  bundles_dir = "tests/fixtures"
}

run "every_function_of_the_list_is_deployed_as_the_list_has_it" {
  command = plan

  assert {
    condition = alltrue([
      for name, function in jsondecode(file("../functions/functions.json")).functions :
      google_cloudfunctions2_function.this[name].service_config[0].available_memory == function.memory
      && google_cloudfunctions2_function.this[name].service_config[0].timeout_seconds == function.timeoutSeconds
      && google_cloudfunctions2_function.this[name].service_config[0].max_instance_count == function.maxInstances
    ])
    error_message = "a function differs from functions/functions.json"
  }

  assert {
    condition = alltrue([
      for function in google_cloudfunctions2_function.this :
      function.service_config[0].ingress_settings == "ALLOW_INTERNAL_ONLY"
    ])
    error_message = "a function can be reached from outside"
  }

  assert {
    condition     = length(distinct([for f in google_cloudfunctions2_function.this : f.service_config[0].service_account_email])) == length(google_cloudfunctions2_function.this)
    error_message = "two functions share an identity"
  }

  assert {
    condition     = length(setsubtract(keys(google_pubsub_topic.this), keys(jsondecode(file("../functions/functions.json")).topics))) == 0
    error_message = "a topic is not in functions/functions.json"
  }
}

run "an_upload_wakes_validate_from_where_the_bucket_is" {
  command = plan

  variables {
    region = "europe-west4"
  }

  assert {
    condition     = google_cloudfunctions2_function.this["validate"].event_trigger[0].trigger_region == "europe-west4"
    error_message = "the trigger is not in the region of its bucket"
  }

  assert {
    condition     = google_cloudfunctions2_function.this["validate"].event_trigger[0].retry_policy == "RETRY_POLICY_RETRY"
    error_message = "an event that fails is not delivered again"
  }
}

run "nothing_optional_is_there_by_itself" {
  command = plan

  assert {
    condition = (
      length(google_kms_crypto_key.this) == 0 && length(google_billing_budget.this) == 0
      && length(google_vertex_ai_tensorboard.this) == 0 && length(google_firestore_backup_schedule.daily) == 0
    )
    error_message = "a key, a budget, a TensorBoard or a backup that nobody asked for"
  }
}

run "a_limit_that_is_not_set_is_not_told_to_the_functions" {
  command = plan

  assert {
    condition     = !contains(keys(google_cloudfunctions2_function.this["poll"].service_config[0].environment_variables), "MAX_TUNING_HOURS")
    error_message = "MAX_TUNING_HOURS is set, and an empty one is refused"
  }
}

run "what_spends_has_a_cap_by_itself" {
  command = plan

  assert {
    condition = alltrue([
      for name, cap in {
        MAX_ACTIVE_GEMINI_JOBS = "4", MAX_ACTIVE_OPEN_MODEL_JOBS = "2", MAX_ACTIVE_PIPELINE_JOBS = "1",
        MAX_TRAIN_STEPS        = "10000", MAX_TRAINING_TOKENS = "100000000", MAX_ACCELERATORS = "8", MAX_FOLDER_RUNS_A_DAY = "20",
      } : google_cloudfunctions2_function.this["validate"].service_config[0].environment_variables[name] == cap
    ])
    error_message = "a cap is not what it is unless somebody sets it"
  }
}

run "no_cap_is_said_where_nobody_is_in_production" {
  command = plan

  variables {
    max_train_steps       = null
    max_training_tokens   = null
    max_accelerators      = null
    max_folder_runs_a_day = null
  }

  assert {
    condition = alltrue([
      for name in ["MAX_TRAIN_STEPS", "MAX_TRAINING_TOKENS", "MAX_ACCELERATORS", "MAX_FOLDER_RUNS_A_DAY"] :
      google_cloudfunctions2_function.this["validate"].service_config[0].environment_variables[name] == "none"
    ])
    error_message = "a function that is told nothing has a cap that nobody wanted"
  }
}

run "production_without_rights_on_the_billing_account" {
  command = plan

  variables {
    environment   = "prod"
    alert_emails  = ["on-call@example.com"]
    budget        = "none"
    budget_reason = "Finance has a budget over all projects of the folder."
  }

  assert {
    condition     = length(google_billing_budget.this) == 0
    error_message = "a budget that was said to be none"
  }
}

run "a_limit_that_is_set_is_told_to_the_functions" {
  command = plan

  variables {
    max_train_steps  = 500
    max_tuning_hours = 12
  }

  assert {
    condition     = google_cloudfunctions2_function.this["validate"].service_config[0].environment_variables["MAX_TRAIN_STEPS"] == "500"
    error_message = "MAX_TRAIN_STEPS does not reach validate"
  }

  assert {
    condition     = google_cloudfunctions2_function.this["poll"].service_config[0].environment_variables["MAX_TUNING_HOURS"] == "12"
    error_message = "MAX_TUNING_HOURS does not reach poll"
  }
}

run "everything_is_encrypted_with_the_key_of_the_deployment" {
  command = plan

  variables {
    cmek = true
  }

  assert {
    condition = alltrue(concat(
      [for bucket in google_storage_bucket.data : length(bucket.encryption) == 1],
      [for topic in google_pubsub_topic.this : topic.kms_key_name == local.kms_key],
      [for function in google_cloudfunctions2_function.this : function.kms_key_name == local.kms_key],
      [google_firestore_database.this.cmek_config[0].kms_key_name == local.kms_key],
      [google_artifact_registry_repository.functions.kms_key_name == local.kms_key],
    ))
    error_message = "something is not encrypted with the key"
  }

  assert {
    condition     = google_cloudfunctions2_function.this["validate"].service_config[0].environment_variables["ALLOWED_KMS_KEYS"] == local.kms_key
    error_message = "a manifest may not name the key of the deployment"
  }
}

run "a_function_writes_results_where_it_has_to_and_nowhere_else" {
  command = plan

  assert {
    condition     = alltrue([for binding in google_storage_bucket_iam_member.results_functions_write : length(binding.condition) == 1])
    error_message = "a function may write all results"
  }

  assert {
    condition = tolist([
      for binding in google_storage_bucket_iam_member.results_functions_write :
      binding.member if endswith(binding.condition[0].expression, "/objects/staging/\")")
    ]) == tolist(["serviceAccount:tunedrop-validate@some-project.iam.gserviceaccount.com"])
    error_message = "somebody else than validate may replace data that was checked"
  }

  assert {
    condition     = !anytrue([for role in google_project_iam_custom_role.this : contains(role.permissions, "datastore.entities.delete")])
    error_message = "a function may delete run documents"
  }
}

run "only_who_creates_jobs_acts_as_their_account" {
  command = plan

  assert {
    condition = toset([for binding in google_service_account_iam_member.act_as : binding.member]) == toset([
      "serviceAccount:tunedrop-submit@some-project.iam.gserviceaccount.com",
      "serviceAccount:tunedrop-poll@some-project.iam.gserviceaccount.com",
    ])
    error_message = "somebody else than submit and poll may run jobs"
  }
}
