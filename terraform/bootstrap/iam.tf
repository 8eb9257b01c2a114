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
    # Reading what is there. No basic role: roles/viewer would read every service of the project.
    plan = [
      "roles/aiplatform.viewer",
      "roles/artifactregistry.reader",
      "roles/cloudfunctions.viewer",
      "roles/cloudkms.viewer",
      "roles/cloudscheduler.viewer",
      "roles/datastore.backupSchedulesViewer", # which roles/datastore.viewer does not have
      "roles/datastore.viewer",
      "roles/eventarc.viewer",
      "roles/iam.securityReviewer",
      "roles/iam.serviceAccountViewer",
      "roles/logging.logWriter",
      "roles/logging.viewer",
      "roles/monitoring.viewer",
      "roles/pubsub.viewer",
      "roles/run.viewer",
      "roles/serviceusage.serviceUsageConsumer",
      "roles/serviceusage.serviceUsageViewer",
      "roles/storage.bucketViewer",
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
