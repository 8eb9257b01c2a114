resource "google_cloud_scheduler_job" "this" {
  for_each = local.schedule_triggers

  name             = each.key
  region           = var.region
  description      = "Calls the function ${each.key}"
  schedule         = each.value.schedule
  time_zone        = "Etc/UTC"
  attempt_deadline = "${each.value.attemptDeadlineSeconds}s"
  # No retry_config: the next tick is the next try.

  http_target {
    http_method = "POST"
    uri         = google_cloudfunctions2_function.this[each.key].service_config[0].uri

    oidc_token {
      service_account_email = local.email.scheduler
      audience              = google_cloudfunctions2_function.this[each.key].service_config[0].uri
    }
  }

  depends_on = [google_cloud_run_v2_service_iam_member.scheduler_invokes]
}
