resource "google_pubsub_topic" "this" {
  for_each = local.topics

  name         = each.key
  kms_key_name = var.cmek ? local.kms_key : null

  message_storage_policy {
    allowed_persistence_regions = [var.region]
  }

  lifecycle {
    precondition {
      condition     = contains(local.dead_letter_topics, each.key) || contains(keys(local.publishers), each.key)
      error_message = "functions.json has the topic ${each.key}: say in terraform/pubsub.tf (local.publishers) who publishes to it."
    }
  }

  depends_on = [google_project_service.this, google_kms_crypto_key_iam_member.agents]
}

locals {
  # Topics that functions publish to, and which do: shared/adapters/pubsub.ts, publish.
  publishers = {
    validate-requests = ["validate", "poll"]  # startWaiting; askAgain and the audit of the inbox
    submit-requests   = ["validate", "poll"]  # giveVerdict and askToStop; askAgain
    evaluate-requests = ["poll", "evaluate"]  # recordEnd and askForEvaluation; itself, when the time of a call is over
    run-events        = keys(local.functions) # every function records what happens to a run
  }

  publications = merge([
    for topic, names in local.publishers : {
      for name in names : "${topic}/${name}" => { topic = topic, function = name } if contains(keys(local.topics), topic)
    }
  ]...)
}

resource "google_pubsub_topic_iam_member" "functions_publish" {
  for_each = local.publications

  topic  = google_pubsub_topic.this[each.value.topic].name
  role   = "roles/pubsub.publisher"
  member = local.member[each.value.function]

  depends_on = [google_service_account.this]
}

# Listeners make their own subscriptions, with ordering where they want it: a message has its run as ordering key.
resource "google_pubsub_topic_iam_member" "listeners" {
  for_each = var.listener_members

  topic  = google_pubsub_topic.this["run-events"].name
  role   = "roles/pubsub.subscriber"
  member = each.key
}

# The path of a push endpoint is what functions-framework makes a CloudEvent's source from; the audience is the service alone.
resource "google_pubsub_subscription" "push" {
  for_each = local.pubsub_triggers

  name                       = each.key
  topic                      = google_pubsub_topic.this[each.value.topic].id
  ack_deadline_seconds       = each.value.ackDeadlineSeconds
  message_retention_duration = "604800s"

  expiration_policy {
    ttl = ""
  }

  retry_policy {
    minimum_backoff = "${each.value.minimumBackoffSeconds}s"
    maximum_backoff = "${each.value.maximumBackoffSeconds}s"
  }

  dead_letter_policy {
    dead_letter_topic     = google_pubsub_topic.this[each.value.deadLetterTopic].id
    max_delivery_attempts = each.value.maxDeliveryAttempts
  }

  push_config {
    push_endpoint = "${google_cloudfunctions2_function.this[each.value.function].service_config[0].uri}/projects/${var.project_id}/topics/${each.value.topic}"

    oidc_token {
      service_account_email = local.email.trigger
      audience              = google_cloudfunctions2_function.this[each.value.function].service_config[0].uri
    }
  }

  depends_on = [google_cloud_run_v2_service_iam_member.trigger_invokes]
}

# Dead letters: a topic without a subscription keeps nothing.

resource "google_pubsub_subscription" "dead_letters" {
  for_each = local.dead_letter_topics

  name                       = "${each.key}-kept"
  topic                      = google_pubsub_topic.this[each.key].id
  message_retention_duration = "604800s"

  expiration_policy {
    ttl = ""
  }
}

# Pub/Sub moves a message itself: it publishes the copy and acknowledges the original.

resource "google_pubsub_topic_iam_member" "agent_publishes_dead_letters" {
  for_each = local.dead_letter_topics

  topic  = google_pubsub_topic.this[each.key].name
  role   = "roles/pubsub.publisher"
  member = local.agent.pubsub
}

resource "google_pubsub_subscription_iam_member" "agent_acknowledges" {
  for_each = local.pubsub_triggers

  subscription = google_pubsub_subscription.push[each.key].name
  role         = "roles/pubsub.subscriber"
  member       = local.agent.pubsub
}
