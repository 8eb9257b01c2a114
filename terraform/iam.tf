# Identities and roles. Who gets which role on what stands beside what it protects.

data "google_project" "this" {
  project_id = var.project_id
}

locals {
  accounts = merge(
    { for name in keys(local.functions) : name => "Runs the function ${name}" },
    {
      tuning    = "Runs the tuning jobs on Vertex AI"
      trigger   = "Delivers events and messages to functions"
      scheduler = "Calls functions by schedule"
      build     = "Builds functions when they are deployed"
    },
  )

  # Derived and not read from the resources, so that a plan shows every member by name.
  email  = { for name in keys(local.accounts) : name => "tunedrop-${name}@${var.project_id}.iam.gserviceaccount.com" }
  member = { for name, email in local.email : name => "serviceAccount:${email}" }

  # Google's own service agents. The ones that Terraform needs early are created by scripts/deploy/service-agents.sh.
  agents = {
    for name, domain in {
      aiplatform       = "gcp-sa-aiplatform"
      artifactregistry = "gcp-sa-artifactregistry"
      eventarc         = "gcp-sa-eventarc"
      firestore        = "gcp-sa-firestore"
      functions        = "gcf-admin-robot"
      pubsub           = "gcp-sa-pubsub"
      run              = "serverless-robot-prod"
      storage          = "gs-project-accounts"
      tuning           = "gcp-sa-vertex-tune"    # Google Cloud, "Service agents": the secure fine-tuning of Gemini
      open_tuning      = "gcp-sa-vertex-moss-ft" # Google Cloud, "Tune open models", 2026-08-22
    } : name => "serviceAccount:service-${data.google_project.this.number}@${domain}.iam.gserviceaccount.com"
  }

  # A binding to an agent that is not there is refused, and Google makes these two with a project's first tuning job (seen by others:
  # the Terraform of cloud-custodian's tests says so). So they get their rights once var.tuning_agents names them.
  tuning_agent = { for name in var.tuning_agents : name => local.agents[name] }
  agent        = { for name, member in local.agents : name => member if !contains(["tuning", "open_tuning"], name) }
}

resource "google_service_account" "this" {
  for_each = local.accounts

  account_id   = "tunedrop-${each.key}"
  display_name = each.value

  depends_on = [google_project_service.this]
}

# Custom roles with exactly the permissions that the adapters' calls need. Their keys must not change: Google keeps the ids of
# deleted roles blocked for weeks. What a call of Firestore needs is on cloud.google.com/firestore/docs/security/iam. Inferred, and
# not seen against a project: what calls of Cloud Storage need, and that permissions of Vertex AI are named after its methods.
locals {
  roles = {
    runs = {
      title = "reads and writes run documents"
      permissions = [
        "datastore.databases.get",   # firestore.ts: beginTransaction and rollback of every runTransaction
        "datastore.entities.get",    # firestore.ts: get of runs, manifests, projects, deployment and uploads, getAll of manifests, metrics and spending, every query
        "datastore.entities.list",   # firestore.ts: queries of listDue, listWaitingFor, listActiveOf, isNamed, seriesOf and apply
        "datastore.entities.create", # firestore.ts: set, of a document that is not there yet
        "datastore.entities.update", # firestore.ts: set, of a document that is there
      ]
    }
    object_reader = {
      title = "reads objects, and sees that one is not there"
      permissions = [
        "storage.objects.get",  # gcs.ts: getMetadata of stat, createReadStream of read and stream, the source of copy
        "storage.objects.list", # gcs.ts: stat, read and copy take a 404 for "not there"; who may not list is said to get a 403
      ]
    }
    object_lister = {
      title = "sees which objects there are"
      permissions = [
        "storage.objects.list", # gcs.ts: list, which says name, generation and time of each, and no content
      ]
    }
    object_writer = {
      title = "writes and replaces objects"
      permissions = [
        "storage.objects.create", # gcs.ts: save and createWriteStream of write, the target of copy
        "storage.objects.delete", # gcs.ts: write with ifGenerationMatch of an object that is there: replacing deletes
      ]
    }
    submitter = {
      title = "creates tuning jobs"
      permissions = concat([
        "aiplatform.pipelineJobs.create", # pipeline-jobs.ts: create
        "aiplatform.pipelineJobs.get",    # pipeline-jobs.ts: find, after a 409 and before a cancel
        "aiplatform.pipelineJobs.cancel", # pipeline-jobs.ts: cancel, of a job whose run was cancelled meanwhile
        "aiplatform.tuningJobs.create",   # tuning-jobs.ts: create
        "aiplatform.tuningJobs.list",     # tuning-jobs.ts: find and findAll, by the label of the run
        "aiplatform.tuningJobs.cancel",   # tuning-jobs.ts: cancel, of a job that no run wants
      ], local.warm_up_permissions)
    }
    poller = {
      title = "follows tuning jobs, tries them again, reads models and metrics"
      permissions = concat([
        "aiplatform.pipelineJobs.get",                # pipeline-jobs.ts: observe of few jobs and of every job that ended, find
        "aiplatform.pipelineJobs.list",               # pipeline-jobs.ts: observe of more than three jobs in a region
        "aiplatform.pipelineJobs.cancel",             # pipeline-jobs.ts: cancel
        "aiplatform.pipelineJobs.create",             # pipeline-jobs.ts: create, of the next attempt (functions/poll/attempts.ts)
        "aiplatform.tuningJobs.get",                  # tuning-jobs.ts: observe
        "aiplatform.tuningJobs.list",                 # tuning-jobs.ts: findAll before a run ends, unfinished for jobs that no run wants
        "aiplatform.tuningJobs.cancel",               # tuning-jobs.ts: cancel
        "aiplatform.contexts.get",                    # tensorboard.ts: readExperiment, GET CONTEXT
        "aiplatform.models.get",                      # models.ts: read
        "aiplatform.tensorboardExperiments.list",     # tensorboard.ts: read, GET TENSORBOARD/experiments
        "aiplatform.tensorboardRuns.list",            # tensorboard.ts: readSeries, GET EXPERIMENT/runs
        "aiplatform.tensorboardTimeSeries.list",      # tensorboard.ts: readRun, GET RUN/timeSeries
        "aiplatform.tensorboardTimeSeries.batchRead", # tensorboard.ts: readRun, GET TENSORBOARD:batchRead
        "aiplatform.tensorboardTimeSeries.read",      # tensorboard.ts: readWhole, GET TIME_SERIES:read
      ], local.warm_up_permissions)
    }
    asker = {
      title       = "asks models"
      permissions = ["aiplatform.endpoints.predict"] # ask.ts: generateContent and predict, of endpoints and of Google's base models
    }
    act_as = {
      title       = "names a service account as the one that a job runs as"
      permissions = ["iam.serviceAccounts.actAs"] # pipeline-jobs.ts and tuning-jobs.ts: create, with serviceAccount in the body
    }
  }

  # warm-up.ts: POST /ui/.../datasets. The API is not documented; that it wants this permission is inferred.
  warm_up_permissions = var.warm_up_project ? ["aiplatform.datasets.create"] : []

  # Derived like the members, and for the same reason.
  role = { for name in keys(local.roles) : name => "projects/${var.project_id}/roles/tunedrop.${name}" }
}

resource "google_project_iam_custom_role" "this" {
  for_each = local.roles

  role_id     = "tunedrop.${each.key}"
  title       = "tunedrop: ${each.value.title}"
  permissions = each.value.permissions

  depends_on = [google_project_service.this]
}

# Agents that events depend on. They have the second of these roles by themselves in most projects, and the first in none.
# cloud.google.com/eventarc/docs/roles-permissions

resource "google_project_iam_member" "storage_agent_publishes" {
  project = var.project_id
  role    = "roles/pubsub.publisher"
  member  = local.agent.storage

  depends_on = [data.google_storage_project_service_account.this]
}

resource "google_project_iam_member" "eventarc_agent" {
  project = var.project_id
  role    = "roles/eventarc.serviceAgent"
  member  = local.agent.eventarc

  depends_on = [google_project_service.this]
}

resource "google_project_iam_member" "trigger_receives" {
  project = var.project_id
  role    = "roles/eventarc.eventReceiver"
  member  = local.member.trigger

  depends_on = [google_service_account.this]
}

# Reading it makes Google create the agent of Cloud Storage.
data "google_storage_project_service_account" "this" {
  project = var.project_id
}

# A trigger that is created right after its agent got its role is refused; a minute helps
# (github.com/hashicorp/terraform-provider-google/issues/14584). Where it does not, apply again.
resource "time_sleep" "agents" {
  create_duration = "90s"

  triggers = {
    storage_agent_publishes = google_project_iam_member.storage_agent_publishes.member
    eventarc_agent          = google_project_iam_member.eventarc_agent.member
    trigger_receives        = google_project_iam_member.trigger_receives.member
  }
}
