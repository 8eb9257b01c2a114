locals {
  accounts = {
    review = "Checks pull requests; sees nothing of the project"
    plan   = "Plans deployments; changes nothing"
    deploy = "Applies approved plans"
  }
  email  = { for name in keys(local.accounts) : name => "tunedrop-${name}@${var.project_id}.iam.gserviceaccount.com" }
  member = { for name, email in local.email : name => "serviceAccount:${email}" }

  roles = {
    # It runs what anybody brings, so it writes its log and has nothing else.
    review = ["roles/logging.logWriter"]
    # Of roles of Google that show what is there, several show data, too (run documents, log lines, names of objects): so it has a role
    # of our own, below.
    plan = [
      "roles/logging.logWriter",
      "roles/serviceusage.serviceUsageConsumer",
    ]
    # Making it. This account can give rights away: the approval is what stands before it.
    deploy = [
      "roles/aiplatform.admin",
      "roles/artifactregistry.admin",
      "roles/cloudfunctions.admin",
      "roles/cloudkms.admin",
      "roles/cloudscheduler.admin",
      "roles/datastore.owner",
      "roles/eventarc.admin",
      "roles/iam.roleAdmin",
      "roles/iam.serviceAccountAdmin",
      "roles/iam.serviceAccountUser",
      "roles/logging.configWriter",
      "roles/logging.logWriter",
      "roles/monitoring.editor",
      "roles/pubsub.admin",
      "roles/resourcemanager.projectIamAdmin",
      "roles/run.admin",
      "roles/serviceusage.serviceUsageAdmin",
      "roles/serviceusage.serviceUsageConsumer",
      "roles/storage.admin",
    ]
  }
}

# A plan refreshes the state: it reads every resource that Terraform made, and no data. That each of these is what reading its
# resource needs is inferred from Google's names of methods; where one is missing, the build that plans names it.
locals {
  planner = [
    "aiplatform.tensorboards.get",                # google_vertex_ai_tensorboard
    "artifactregistry.repositories.get",          # google_artifact_registry_repository
    "artifactregistry.repositories.getIamPolicy", # google_artifact_registry_repository_iam_member
    "cloudfunctions.functions.get",               # google_cloudfunctions2_function
    "cloudkms.cryptoKeys.get",                    # google_kms_crypto_key
    "cloudkms.cryptoKeys.getIamPolicy",           # google_kms_crypto_key_iam_member
    "cloudkms.keyRings.get",                      # google_kms_key_ring
    "cloudscheduler.jobs.get",                    # google_cloud_scheduler_job
    "datastore.backupSchedules.get",              # google_firestore_backup_schedule
    "datastore.databases.getMetadata",            # google_firestore_database; documents are behind datastore.entities
    "datastore.schemas.get",                      # google_firestore_index, google_firestore_field
    "datastore.schemas.list",                     # google_firestore_index
    "eventarc.triggers.get",                      # google_cloudfunctions2_function, for its event_trigger
    "iam.roles.get",                              # google_project_iam_custom_role
    "iam.serviceAccounts.get",                    # google_service_account
    "iam.serviceAccounts.getIamPolicy",           # google_service_account_iam_member
    "logging.logMetrics.get",                     # google_logging_metric; lines of logs are behind logging.logEntries
    "monitoring.alertPolicies.get",               # google_monitoring_alert_policy
    "monitoring.dashboards.get",                  # google_monitoring_dashboard
    "monitoring.notificationChannels.get",        # google_monitoring_notification_channel
    "pubsub.subscriptions.get",                   # google_pubsub_subscription; messages are behind pubsub.subscriptions.consume
    "pubsub.subscriptions.getIamPolicy",          # google_pubsub_subscription_iam_member
    "pubsub.topics.get",                          # google_pubsub_topic
    "pubsub.topics.getIamPolicy",                 # google_pubsub_topic_iam_member
    "resourcemanager.projects.get",               # the data sources google_project and google_storage_project_service_account
    "resourcemanager.projects.getIamPolicy",      # google_project_iam_member
    "run.services.get",                           # google_cloudfunctions2_function, for its service
    "run.services.getIamPolicy",                  # google_cloud_run_v2_service_iam_member
    "serviceusage.services.get",                  # google_project_service
    "serviceusage.services.list",                 # google_project_service, of which the provider reads all at once
    "storage.buckets.get",                        # google_storage_bucket; objects are behind storage.objects
    "storage.buckets.getIamPolicy",               # google_storage_bucket_iam_member
  ]
}

resource "google_project_iam_custom_role" "planner" {
  role_id     = "tunedrop.planner"
  title       = "tunedrop: reads what is deployed, and no data"
  permissions = local.planner

  depends_on = [google_project_service.this]
}

resource "google_project_iam_member" "plan_reads" {
  project = var.project_id
  role    = "projects/${var.project_id}/roles/tunedrop.planner"
  member  = local.member.plan

  depends_on = [google_service_account.this, google_project_iam_custom_role.planner]
}

resource "google_service_account" "this" {
  for_each = local.accounts

  account_id   = "tunedrop-${each.key}"
  display_name = each.value

  depends_on = [google_project_service.this]
}

resource "google_project_iam_member" "this" {
  for_each = merge([
    for name, roles in local.roles : { for role in roles : "${name} ${role}" => { account = name, role = role } }
  ]...)

  project = var.project_id
  role    = each.value.role
  member  = local.member[each.value.account]

  depends_on = [google_service_account.this]
}

# The bundles are resources, and a plan looks at each. No other object: uploads, copies and results are nothing that a plan reads.
resource "google_project_iam_member" "plan_reads_bundles" {
  project = var.project_id
  role    = "roles/storage.objectViewer"
  member  = local.member.plan

  condition {
    title      = "only bundles of functions"
    expression = "resource.name.startsWith(\"projects/_/buckets/${coalesce(var.bucket_prefix, var.project_id)}-source/\")"
  }

  depends_on = [google_service_account.this]
}

resource "google_project_iam_member" "approvers" {
  for_each = var.approver_members

  project = var.project_id
  role    = "roles/cloudbuild.builds.approver"
  member  = each.key

  depends_on = [google_project_service.this]
}
