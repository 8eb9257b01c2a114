# What every environment has to keep, for the values of one:
#   terraform test -test-directory=tests/environment -var-file=env/prod.tfvars

mock_provider "google" {}
mock_provider "time" {}

variables {
  bundles_dir = "tests/fixtures"
}

run "an_environment_keeps_what_production_needs" {
  command = plan

  assert {
    condition     = var.environment != "prod" || (var.firestore_backup_days >= 7 && var.retired_models == "error" && var.retry_scale == 1)
    error_message = "production needs backups, refuses retired models, and waits as long as Google asks for"
  }

  assert {
    condition     = contains(var.tensorboard_regions, local.default_region)
    error_message = "a job that names no region would have no TensorBoard"
  }

  assert {
    condition = (
      google_firestore_database.this.delete_protection_state == "DELETE_PROTECTION_ENABLED"
      && google_firestore_database.this.point_in_time_recovery_enablement == "POINT_IN_TIME_RECOVERY_ENABLED"
    )
    error_message = "documents can be lost"
  }
}
