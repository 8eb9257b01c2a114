# What is counted, what raises an alert. Log lines: shared/runtime/logger.ts puts what belongs to a line under `fields`.

locals {
  services = "resource.type=\"cloud_run_revision\" AND resource.labels.service_name=(${join(" OR ", formatlist("\"%s\"", keys(local.functions)))})"

  log_metrics = {
    tunedrop_run_changed = {
      # shared/flows/record.ts
      filter = "${local.services} AND jsonPayload.message=\"run changed\""
      labels = {
        component = "EXTRACT(jsonPayload.component)"
        state     = "EXTRACT(jsonPayload.fields.state)"
        reason    = "EXTRACT(jsonPayload.fields.reason)"
      }
    }
    tunedrop_given_up = {
      # shared/runtime/boundary.ts
      filter = "${local.services} AND jsonPayload.message=\"gave up on an event that no further try can fix\""
      labels = { component = "EXTRACT(jsonPayload.component)" }
    }
    tunedrop_lacking = {
      # shared/runtime/logger.ts
      filter = "${local.services} AND jsonPayload.message=\"the deployment lacks something that this function needs\""
      labels = {
        component = "EXTRACT(jsonPayload.component)"
        reason    = "EXTRACT(jsonPayload.fields.reason)"
      }
    }
    tunedrop_run_postponed = {
      # shared/flows/postpone.ts
      filter = "${local.services} AND jsonPayload.message=\"a run waits because of a fault that is not its own\""
      labels = {
        component = "EXTRACT(jsonPayload.component)"
        reason    = "EXTRACT(jsonPayload.fields.reason)"
      }
    }
    tunedrop_job_stopped = {
      # shared/flows/stop-other-jobs.ts
      filter = "${local.services} AND (jsonPayload.message=\"a job that no run wants is asked to stop\" OR jsonPayload.message=\"so many jobs look unwanted that none is stopped\")"
      labels = { component = "EXTRACT(jsonPayload.component)" }
    }
    tunedrop_document_outdated = {
      # shared/flows/catch-up.ts
      filter = "${local.services} AND jsonPayload.message=\"the document of a run was older than its files, and was brought forward\""
      labels = { component = "EXTRACT(jsonPayload.component)" }
    }
    tunedrop_evaluation_failed = {
      # functions/evaluate/handler.ts
      filter = "${local.services} AND jsonPayload.message=\"an evaluation has failed\""
      labels = { reason = "EXTRACT(jsonPayload.fields.reason)" }
    }
    tunedrop_upload_found = {
      # functions/poll/inbox-audit.ts
      filter = "${local.services} AND jsonPayload.message=\"an upload was found whose event did not arrive\""
      labels = { component = "EXTRACT(jsonPayload.component)" }
    }
    tunedrop_event_ignored = {
      # functions/validate/look-up.ts
      filter = "${local.services} AND jsonPayload.message=\"an event names no upload of the inbox\""
      labels = { component = "EXTRACT(jsonPayload.component)" }
    }
    tunedrop_tick_failed = {
      # functions/poll/handler.ts
      filter = "${local.services} AND jsonPayload.message=\"part of this tick failed; the next one does it\""
      labels = { reason = "EXTRACT(jsonPayload.fields.reason)" }
    }
  }
}

resource "google_logging_metric" "this" {
  for_each = local.log_metrics

  name             = each.key
  filter           = each.value.filter
  label_extractors = each.value.labels

  metric_descriptor {
    metric_kind = "DELTA"
    value_type  = "INT64"

    dynamic "labels" {
      for_each = each.value.labels
      content {
        key        = labels.key
        value_type = "STRING"
      }
    }
  }

  depends_on = [google_project_service.this]
}

# An alert on a metric that was made just now may be refused: Monitoring learns of it a little later. How much is not documented.
resource "time_sleep" "log_metrics" {
  create_duration = "60s"

  triggers = { for name, metric in google_logging_metric.this : name => metric.id }
}

resource "google_monitoring_notification_channel" "email" {
  for_each = var.alert_emails

  display_name = "tunedrop: ${each.key}"
  type         = "email"
  labels       = { email_address = each.key }

  depends_on = [google_project_service.this]
}

locals {
  channels = [for channel in google_monitoring_notification_channel.email : channel.name]

  # Our own push subscriptions, and those that Eventarc makes and names.
  deliveries = join("|", concat(keys(local.pubsub_triggers), ["eventarc-.*"]))

  on_subscription = "resource.type=\"pubsub_subscription\" AND resource.labels.subscription_id=monitoring.regex.full_match"
  requests        = "metric.type=\"run.googleapis.com/request_count\" AND resource.type=\"cloud_run_revision\" AND resource.labels.service_name=monitoring.regex.full_match(\"${join("|", keys(local.functions))}\")"
  on_run          = "resource.type=\"cloud_run_revision\" AND metric.type=\"logging.googleapis.com/user"

  threshold_alerts = {
    dead_letters = {
      title    = "messages that no function could take"
      severity = "ERROR"
      filter   = "${local.on_subscription}(\"${join("|", formatlist("%s-kept", local.dead_letter_topics))}\") AND metric.type=\"pubsub.googleapis.com/subscription/num_undelivered_messages\""
      aligner  = "ALIGN_MAX"
      group_by = ["resource.label.subscription_id"]
      above    = 0
      minutes  = 0
      advice   = "Read one without acknowledging it (`gcloud pubsub subscriptions pull SUBSCRIPTION --limit=1`), read the logs of the function it was meant for, fix the cause. Nothing is lost: `poll` asks again for every run, and finds within two hours an upload that has none. Then empty it: `gcloud pubsub subscriptions seek SUBSCRIPTION --time=$(date -u +%FT%TZ)`."
    }
    old_messages = {
      title    = "a message waits for more than 15 minutes"
      severity = "WARNING"
      filter   = "${local.on_subscription}(\"${local.deliveries}\") AND metric.type=\"pubsub.googleapis.com/subscription/oldest_unacked_message_age\""
      aligner  = "ALIGN_MAX"
      group_by = ["resource.label.subscription_id"]
      above    = 900
      minutes  = 5
      advice   = "A function refuses what it is sent, or is not reached. Read its logs. Eventarc keeps an event for 24 hours."
    }
    given_up = {
      title    = "an event was given up"
      severity = "WARNING"
      filter   = "${local.on_run}/tunedrop_given_up\""
      aligner  = "ALIGN_DELTA"
      group_by = ["metric.label.component"]
      above    = 0
      minutes  = 0
      advice   = "The function acknowledged an event that no further try could fix; its log line says which and why."
    }
    upload_found = {
      title    = "an upload was found whose event did not arrive"
      severity = "WARNING"
      filter   = "${local.on_run}/tunedrop_upload_found\""
      aligner  = "ALIGN_DELTA"
      group_by = ["metric.label.component"]
      above    = 0
      minutes  = 0
      advice   = "Its run goes on by itself, an hour or two late. Often: look at the trigger (`gcloud eventarc triggers list`), at what its subscription keeps, and at the logs of `validate`."
    }
    lacking = {
      title    = "the deployment lacks a permission or a resource"
      severity = "ERROR"
      filter   = "${local.on_run}/tunedrop_lacking\""
      aligner  = "ALIGN_DELTA"
      group_by = ["metric.label.component", "metric.label.reason"]
      above    = 0
      minutes  = 0
      advice   = "The log line has the command that grants or creates it (`jsonPayload.fields.remedy`); `terraform apply` restores what Terraform had granted. Nothing is lost meanwhile: events come again for a day, with pauses of up to ten minutes."
    }
    run_postponed = {
      title    = "runs wait because of a mistake in tunedrop"
      severity = "ERROR"
      filter   = "${local.on_run}/tunedrop_run_postponed\""
      aligner  = "ALIGN_DELTA"
      group_by = ["metric.label.component", "metric.label.reason"]
      above    = 0
      minutes  = 0
      advice   = "The log line has the stack or the path that did not fit, the run and the version. Roll back or deploy a fix: runs go on by themselves within 15 minutes. `Defect`: a mistake in our code. `UnknownAnswer`: Google answered what this version does not know."
    }
    run_failed = {
      title    = "a run failed"
      severity = "WARNING"
      filter   = "${local.on_run}/tunedrop_run_changed\" AND metric.labels.state=monitoring.regex.full_match(\"FAILED|EXPIRED|LOST|DEAD_LETTERED\")"
      aligner  = "ALIGN_DELTA"
      group_by = ["metric.label.state", "metric.label.reason"]
      above    = 0
      minutes  = 0
      advice   = "The run's document says what happened (`status.message`) and what to do (`status.remedy`)."
    }
    tuned_not_served = {
      title    = "a model was tuned and is not served"
      severity = "WARNING"
      filter   = "${local.on_run}/tunedrop_run_changed\" AND metric.labels.reason=\"TunedNotServed\""
      aligner  = "ALIGN_DELTA"
      group_by = ["metric.label.component"]
      above    = 0
      minutes  = 0
      advice   = "The training is paid for and its model is there; what came after it failed on Vertex AI. The run's document has the command that deploys it (`status.remedy`): do not tune it again."
    }
    quota_refused = {
      title    = "Vertex AI has refused jobs for quota for six hours"
      severity = "WARNING"
      # The oldest run of a kind is tried at least once an hour (shared/core/run/admission.ts), and each refusal is a change of its document.
      filter   = "${local.on_run}/tunedrop_run_changed\" AND metric.labels.component=\"submit\" AND metric.labels.reason=\"QuotaExceeded\""
      aligner  = "ALIGN_DELTA"
      group_by = ["metric.label.reason"]
      above    = 0
      minutes  = 360
      window   = 7200
      advice   = "Runs wait, oldest first, and go on by themselves for as long as `max_wait_days` says. Ask Google for more quota (docs/operations.md names which), or let another job end."
    }
    no_step = {
      title    = "a job makes no step"
      severity = "WARNING"
      filter   = "${local.on_run}/tunedrop_run_changed\" AND metric.labels.reason=\"JobMakesNoStep\""
      aligner  = "ALIGN_DELTA"
      group_by = ["metric.label.component"]
      above    = 0
      minutes  = 0
      advice   = "A running job has made no training step for two hours; jobs were seen to stand for a day. The run's document says since when, and how to cancel it. `max_tuning_hours` would end it by itself."
    }
    job_stopped = {
      title    = "a job that no run wants, or more of them than are stopped"
      severity = "WARNING"
      filter   = "${local.on_run}/tunedrop_job_stopped\""
      aligner  = "ALIGN_DELTA"
      group_by = ["metric.label.component"]
      above    = 0
      minutes  = 0
      advice   = "Vertex AI had two jobs for one run, since an answer was lost or a function died while it created one. The second one was asked to stop; what it tuned until then is billed. The log line has its name (`jsonPayload.fields.job`): see in the console that it ended. Often: read the log of `submit` for what kills it. Where the line says that so many look unwanted that none is stopped, the functions see another database than the one that made them, or an old state of it: see which database they use, and set `max_unwanted_jobs` above their number once it is right."
    }
    document_outdated = {
      title    = "documents are older than their runs"
      severity = "ERROR"
      filter   = "${local.on_run}/tunedrop_document_outdated\""
      aligner  = "ALIGN_DELTA"
      group_by = ["metric.label.component"]
      above    = 0
      minutes  = 0
      advice   = "The database is an old state of the one that the functions wrote: it was restored from a backup. Runs are brought forward to what their `status.json` says, with no second job and none stopped. docs/operations.md, \"After a backup was restored\", says what is left to do."
    }
    evaluation_failed = {
      title    = "a tuned model could not be evaluated"
      severity = "WARNING"
      filter   = "${local.on_run}/tunedrop_evaluation_failed\""
      aligner  = "ALIGN_DELTA"
      group_by = ["metric.label.reason"]
      above    = 0
      minutes  = 0
      advice   = "The model is there and its run has succeeded; nobody can say whether it is better than its base. The run's document has why (`status.evaluation.message`) and what to do (`status.evaluation.remedy`)."
    }
    run_overdue = {
      title    = "poll keeps asking for what no function does"
      severity = "WARNING"
      # A change by poll in one of these states is a request that was sent again (functions/poll/ask-again.ts), four times within the
      # first half hour; but for the queue, in which poll lets runs move and out of which it lets them.
      filter   = "${local.on_run}/tunedrop_run_changed\" AND metric.labels.component=\"poll\" AND metric.labels.state=monitoring.regex.full_match(\"RECEIVED|VALIDATED|SUBMITTING\") AND metric.labels.reason!=monitoring.regex.full_match(\"Admitted|InQueue|QuotaExceeded|CapacityShort\")"
      aligner  = "ALIGN_DELTA"
      group_by = ["metric.label.state", "metric.label.reason"]
      above    = 3
      minutes  = 0
      window   = 1800
      advice   = "RECEIVED: validate does not do its work. VALIDATED, SUBMITTING: submit does not, or Vertex AI refuses for now (`status.reason`)."
    }
    tick_failed = {
      title    = "poll fails in part, tick after tick"
      severity = "WARNING"
      filter   = "${local.on_run}/tunedrop_tick_failed\""
      aligner  = "ALIGN_DELTA"
      group_by = ["metric.label.reason"]
      above    = 0
      minutes  = 15
      advice   = "One failure is done by the next tick; these go on. The log line has the reason."
    }
    job_overdue = {
      title    = "a pipeline job takes longer than ${var.job_hours_alert} hours"
      severity = "WARNING"
      # In beta, as Google's list of metrics has it: seconds from the creation of a pipeline job to its end. For tuningJobs the list
      # has none.
      filter   = "resource.type=\"aiplatform.googleapis.com/PipelineJob\" AND metric.type=\"aiplatform.googleapis.com/pipelinejob/duration\""
      aligner  = "ALIGN_MAX"
      group_by = ["resource.label.pipeline_job_id"]
      above    = var.job_hours_alert * 3600
      minutes  = 0
      advice   = "Look at the pipeline job in the console. `\"cancel\": true` in the manifest ends it."
    }
  }
}

resource "google_monitoring_alert_policy" "threshold" {
  for_each = local.threshold_alerts

  display_name          = "tunedrop: ${each.value.title}"
  combiner              = "OR"
  severity              = each.value.severity
  notification_channels = local.channels

  conditions {
    display_name = each.value.title

    condition_threshold {
      filter          = each.value.filter
      comparison      = "COMPARISON_GT"
      threshold_value = each.value.above
      duration        = "${each.value.minutes * 60}s"

      aggregations {
        alignment_period     = "${try(each.value.window, 300)}s"
        per_series_aligner   = each.value.aligner
        cross_series_reducer = each.value.aligner == "ALIGN_MAX" ? "REDUCE_MAX" : "REDUCE_SUM"
        group_by_fields      = each.value.group_by
      }
    }
  }

  documentation {
    content   = each.value.advice
    mime_type = "text/markdown"
  }

  alert_strategy {
    auto_close = "86400s"
  }

  depends_on = [time_sleep.log_metrics]
}

resource "google_monitoring_alert_policy" "errors" {
  display_name          = "tunedrop: a function answers with errors"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = local.channels

  conditions {
    display_name = "more than a tenth of its answers are 5xx"

    condition_threshold {
      filter             = "${local.requests} AND metric.labels.response_code_class=\"5xx\""
      denominator_filter = local.requests
      comparison         = "COMPARISON_GT"
      threshold_value    = 0.1
      duration           = "600s"

      aggregations {
        alignment_period     = "300s"
        per_series_aligner   = "ALIGN_DELTA"
        cross_series_reducer = "REDUCE_SUM"
        group_by_fields      = ["resource.label.service_name"]
      }

      denominator_aggregations {
        alignment_period     = "300s"
        per_series_aligner   = "ALIGN_DELTA"
        cross_series_reducer = "REDUCE_SUM"
        group_by_fields      = ["resource.label.service_name"]
      }
    }
  }

  documentation {
    content   = "A 500 is how a function asks for another delivery, so a few are normal. Its warnings say why."
    mime_type = "text/markdown"
  }

  alert_strategy {
    auto_close = "86400s"
  }

  depends_on = [google_project_service.this]
}

# The heartbeat is what Cloud Run counts by itself: an answer with 2xx says that a whole tick went through, and a tick with
# nothing to do writes no line.
resource "google_monitoring_alert_policy" "heartbeat" {
  for_each = local.schedule_triggers

  display_name          = "tunedrop: ${each.key} has not run for 30 minutes"
  combiner              = "OR"
  severity              = "CRITICAL"
  notification_channels = local.channels

  conditions {
    display_name = "no answer with 2xx for 30 minutes"

    condition_absent {
      filter   = "metric.type=\"run.googleapis.com/request_count\" AND resource.type=\"cloud_run_revision\" AND resource.labels.service_name=\"${each.key}\" AND metric.labels.response_code_class=\"2xx\""
      duration = "1800s"

      aggregations {
        alignment_period     = "300s"
        per_series_aligner   = "ALIGN_DELTA"
        cross_series_reducer = "REDUCE_SUM"
        group_by_fields      = ["resource.label.service_name"]
      }
    }
  }

  documentation {
    content   = "Runs stand still: no job is followed and nothing is asked for again. Look at the Scheduler job and at the logs of ${each.key}."
    mime_type = "text/markdown"
  }

  alert_strategy {
    auto_close = "86400s"
  }

  depends_on = [google_project_service.this]
}

resource "google_monitoring_alert_policy" "scheduler" {
  for_each = local.schedule_triggers

  display_name          = "tunedrop: Cloud Scheduler cannot call ${each.key}"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = local.channels

  conditions {
    display_name = "an error in the log of the job"

    condition_matched_log {
      filter = "resource.type=\"cloud_scheduler_job\" AND resource.labels.job_id=\"${google_cloud_scheduler_job.this[each.key].name}\" AND severity>=ERROR"
    }
  }

  documentation {
    content   = "The log line has the status of the answer. 401 and 403: the Scheduler's account lost run.invoker. 5xx: read the logs of ${each.key}."
    mime_type = "text/markdown"
  }

  alert_strategy {
    auto_close = "86400s"

    notification_rate_limit {
      period = "3600s"
    }
  }
}
