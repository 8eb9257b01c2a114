variable "project_id" {
  description = "The project of this environment; one project per environment."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project_id))
    error_message = "project_id must be a project's id (6 to 30 of a-z, 0-9 and -), not its name or number."
  }
}

variable "environment" {
  description = "Goes into labels and titles: dev, prod, ... All but dev, test and sandbox are production: there a plan without caps, a budget and somebody to alert fails."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,15}$", var.environment))
    error_message = "environment must be a short label: a-z, 0-9 and -."
  }
}

variable "region" {
  description = "Where functions, buckets, topics and keys are."
  type        = string
  default     = "us-central1"

  validation {
    condition     = contains(local.pipeline_regions, var.region)
    error_message = "region must be one of the guide's pipeline regions: ${join(", ", local.pipeline_regions)}."
  }
}

variable "default_region" {
  description = "Where a job runs whose manifest names no pipeline_job_region. Default: region."
  type        = string
  default     = null

  validation {
    condition     = var.default_region == null || contains(local.pipeline_regions, coalesce(var.default_region, var.region))
    error_message = "default_region must be one of the guide's pipeline regions: ${join(", ", local.pipeline_regions)}."
  }
}

variable "bucket_prefix" {
  description = "Bucket names are PREFIX-NAME, and unique in the world. Default: the project's id."
  type        = string
  default     = null
}

variable "bundles_dir" {
  description = "Folder with NAME.zip for every function, made by `npm run build`; relative to where Terraform runs."
  type        = string
  default     = "../dist"
}

# Storage and documents

variable "staging_retention_days" {
  description = "Days after which the checked copies of data sets are deleted. A running job reads them."
  type        = number
  default     = 60

  validation {
    condition     = var.staging_retention_days >= 14
    error_message = "staging_retention_days must be 14 at least: jobs that wait for quota and run for days still read their data."
  }
}

variable "noncurrent_retention_days" {
  description = "Days for which replaced and deleted objects can be brought back."
  type        = number
  default     = 30
}

variable "firestore_database" {
  description = "Name of the database."
  type        = string
  default     = "tunedrop"
}

variable "firestore_location" {
  description = "Location of the database, for ever. Default: region."
  type        = string
  default     = null
}

variable "firestore_backup_days" {
  description = "Days for which daily backups are kept; 0: none."
  type        = number
  default     = 0

  validation {
    condition     = var.firestore_backup_days >= 0 && var.firestore_backup_days <= 98
    error_message = "firestore_backup_days must be between 0 and 98: Firestore keeps backups for 14 weeks at most."
  }
}

# What the functions are told: shared/runtime/config.ts

variable "dataset_wait_seconds" {
  description = "How long a manifest waits for a data set that it names."
  type        = number
  default     = 3600

  validation {
    condition     = var.dataset_wait_seconds > 0
    error_message = "dataset_wait_seconds must be positive."
  }
}

variable "unnamed_data_seconds" {
  description = "How long a data file may lie in the inbox before it is told that no manifest names it; 0: it is never told."
  type        = number
  default     = 3600

  validation {
    condition     = var.unnamed_data_seconds >= 0
    error_message = "unnamed_data_seconds must not be negative."
  }
}

variable "on_same_bytes" {
  description = "What happens to an upload of the same bytes to the same path: skip or run."
  type        = string
  default     = "skip"

  validation {
    condition     = contains(["skip", "run"], var.on_same_bytes)
    error_message = "on_same_bytes must be skip or run."
  }
}

variable "retry_scale" {
  description = "Multiplies every back-off; 1 but for experiments."
  type        = number
  default     = 1

  validation {
    condition     = var.retry_scale > 0 && var.retry_scale <= 1
    error_message = "retry_scale must be above 0 and at most 1."
  }
}

variable "max_active_jobs" {
  description = "Jobs of each kind that may be active at once; 0: as many as Vertex AI takes, which is learnt from its refusals, and not in production. A pipeline job on GPU takes eight A100 80 GB."
  type        = object({ gemini = number, open_models = number, pipelines = number })
  default     = { gemini = 4, open_models = 2, pipelines = 1 }

  validation {
    condition     = alltrue([for jobs in values(var.max_active_jobs) : jobs >= 0 && floor(jobs) == jobs])
    error_message = "max_active_jobs must be whole numbers, 0 or more."
  }

  validation {
    condition     = !local.is_production || alltrue([for jobs in values(var.max_active_jobs) : jobs > 0])
    error_message = "In production max_active_jobs must be above 0 for each kind: without a number, whoever may upload decides how many jobs run at once."
  }
}

variable "max_wait_days" {
  description = "How long a run may wait, from its upload on, for its turn, for quota, or for a function that is away."
  type        = number
  default     = 14

  validation {
    condition     = var.max_wait_days > 0
    error_message = "max_wait_days must be above 0."
  }
}

variable "max_unwanted_jobs" {
  description = "How many jobs of this deployment that no run follows are restored or stopped at once. More look like a wrong database or a restored backup: then they are only named, and an alert says so."
  type        = number
  default     = 3

  validation {
    condition     = var.max_unwanted_jobs >= 0 && floor(var.max_unwanted_jobs) == var.max_unwanted_jobs
    error_message = "max_unwanted_jobs must be a whole number, 0 or more."
  }
}

variable "max_train_steps" {
  description = "Refuses manifests with more steps; null: no limit, and not in production."
  type        = number
  default     = 10000

  validation {
    condition     = var.max_train_steps == null || try(var.max_train_steps > 0 && floor(var.max_train_steps) == var.max_train_steps, false)
    error_message = "max_train_steps must be a whole number above 0, or null for no limit."
  }

  validation {
    condition     = !local.is_production || var.max_train_steps != null
    error_message = "In production max_train_steps must be a number: without one a manifest may ask for 100,000 steps on eight A100s."
  }
}

variable "max_training_tokens" {
  description = "Refuses runs of Gemini and open models with more training tokens, tokens of their data times epochs; null: no limit, and not in production."
  type        = number
  default     = 100000000

  validation {
    condition     = var.max_training_tokens == null || try(var.max_training_tokens > 0 && floor(var.max_training_tokens) == var.max_training_tokens, false)
    error_message = "max_training_tokens must be a whole number above 0, or null for no limit."
  }

  validation {
    condition     = !local.is_production || var.max_training_tokens != null
    error_message = "In production max_training_tokens must be a number: tuning jobs are paid by the token."
  }
}

variable "max_accelerators" {
  description = "Refuses manifests that ask for a machine with more accelerators; null: as many as Google has, and not in production."
  type        = number
  default     = 8

  validation {
    condition     = var.max_accelerators == null || try(var.max_accelerators > 0 && floor(var.max_accelerators) == var.max_accelerators, false)
    error_message = "max_accelerators must be a whole number above 0, or null for no limit."
  }

  validation {
    condition     = !local.is_production || var.max_accelerators != null
    error_message = "In production max_accelerators must be a number: each accelerator is paid by the hour."
  }
}

variable "max_folder_runs_a_day" {
  description = "How many runs of a top-level folder of the inbox may start in a day (UTC): what exceeds it waits in its queue. null: as many as they like, and not in production."
  type        = number
  default     = 20

  validation {
    condition     = var.max_folder_runs_a_day == null || try(var.max_folder_runs_a_day > 0 && floor(var.max_folder_runs_a_day) == var.max_folder_runs_a_day, false)
    error_message = "max_folder_runs_a_day must be a whole number above 0, or null for no limit."
  }

  validation {
    condition     = !local.is_production || var.max_folder_runs_a_day != null
    error_message = "In production max_folder_runs_a_day must be a number: without one a folder may start as many jobs as fit into a day."
  }
}

variable "max_tuning_hours" {
  description = "Hours that a job may be tuning before it is cancelled, without its waits and its upload; of a pipeline from its start. null: no limit."
  type        = number
  default     = null

  validation {
    condition     = var.max_tuning_hours == null || try(var.max_tuning_hours > 0, false)
    error_message = "max_tuning_hours must be positive, or null for no limit."
  }
}

variable "max_cost_usd" {
  description = "The most that a run may cost, in US dollars, by the high end of its expected cost; null for no cap."
  type        = number
  default     = null

  validation {
    condition     = var.max_cost_usd == null || try(var.max_cost_usd > 0, false)
    error_message = "max_cost_usd must be positive, or null for no cap."
  }
}

variable "max_folder_usd_a_month" {
  description = "The most that the runs of a top-level folder of the inbox may cost in a calendar month (UTC), in US dollars: what exceeds it waits in its queue. null: as much as they like."
  type        = number
  default     = null

  validation {
    condition     = var.max_folder_usd_a_month == null || try(var.max_folder_usd_a_month > 0, false)
    error_message = "max_folder_usd_a_month must be positive, or null for no cap."
  }
}

variable "model_prices" {
  description = "What this project pays for a million training tokens, in US dollars by base_model, where it is not the list price or none is known."
  type        = map(number)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for price in values(var.model_prices) : price >= 0])
    error_message = "model_prices must be dollars from 0."
  }
}

variable "unknown_prices" {
  description = "Whether a run whose cost is not known goes on under the caps of the deployment: hold or allow. Under max_cost_usd of its manifest it never does."
  type        = string
  default     = "hold"

  validation {
    condition     = contains(["hold", "allow"], var.unknown_prices)
    error_message = "unknown_prices must be hold or allow."
  }
}

variable "retired_models" {
  description = "What a manifest with a model that Google has retired gets: warn or error."
  type        = string
  default     = "error"

  validation {
    condition     = contains(["warn", "error"], var.retired_models)
    error_message = "retired_models must be warn or error."
  }
}

variable "warm_up_project" {
  description = "Whether a project that answers with internal errors is warmed up, through an API that Google does not document."
  type        = bool
  default     = false
}

variable "console_url" {
  description = "Base of the links in run documents; empty: none."
  type        = string
  default     = "https://console.cloud.google.com"
}

variable "allowed_data_buckets" {
  description = "Buckets that data sets, files named in them, and weights may come from, beside the inbox. Whoever applies this needs to administer them."
  type        = set(string)
  default     = []
}

variable "allowed_datasets" {
  description = "Managed data sets that a manifest may name: full resource names. They are neither copied nor checked before a job reads them."
  type        = set(string)
  default     = []
}

variable "allowed_service_accounts" {
  description = "Accounts of this project that a manifest may name to run its job, beside the tuning account."
  type        = set(string)
  default     = []

  validation {
    condition = alltrue([
      for email in var.allowed_service_accounts : endswith(email, "@${var.project_id}.iam.gserviceaccount.com")
    ])
    error_message = "allowed_service_accounts must be accounts of this project: the role that lets functions act as them ends there."
  }
}

variable "tuning_agents" {
  description = "Google's agents for tuning jobs that the project has: tuning (Gemini), open_tuning (open models). Google makes each with the project's first job of its kind."
  type        = set(string)
  default     = []

  validation {
    condition     = length(setsubtract(var.tuning_agents, ["tuning", "open_tuning"])) == 0
    error_message = "tuning_agents must be of tuning and open_tuning."
  }
}

variable "team_folders" {
  description = "Whether each top-level folder of the inbox belongs to a team, so that a manifest names files of its own folder alone. Who may write where is not part of it: docs/security.md."
  type        = bool
  default     = false
}

variable "https_files" {
  description = "Whether examples may name public files by https, which Google fetches and nobody checks the size of."
  type        = bool
  default     = false
}

variable "convert_data" {
  description = "Whether data in another form than the model's is converted. Without it every file is taken as it was uploaded, and refused where the model takes another form."
  type        = bool
  default     = true
}

variable "show_examples" {
  description = "Whether run documents and reports may have what all examples of a data set begin with, so that the example call of a tuned model is whole."
  type        = bool
  default     = false
}

variable "allowed_kms_keys" {
  description = "Keys that a manifest may name, beside the deployment's own: full resource names."
  type        = set(string)
  default     = []
}

variable "allowed_tuned_models" {
  description = "Tuned models that a manifest may go on from, beside those of the deployment's own runs: full resource names."
  type        = set(string)
  default     = []
}

variable "gemini_region" {
  description = "Where Gemini models are tuned when a manifest does not say; empty for the deployment's region, if they are tuned there."
  type        = string
  default     = ""
}

variable "open_model_region" {
  description = "Where open models are tuned when a manifest does not say; empty for the deployment's region, if they are tuned there."
  type        = string
  default     = ""
}

variable "allowed_tensorboards" {
  description = "TensorBoard instances that a manifest may name, beside the deployment's own: full resource names."
  type        = set(string)
  default     = []
}

variable "allowed_output_roots" {
  description = "gs:// directories that jobs may write to, beside the results bucket. Their owners let the tuning account in, and for open models the agents of docs/operations.md."
  type        = set(string)
  default     = []

  validation {
    condition     = alltrue([for root in var.allowed_output_roots : startswith(root, "gs://")])
    error_message = "allowed_output_roots must be gs:// URIs."
  }
}

# What comes on top

variable "cmek" {
  description = "Encrypts everything with a key of this deployment. Vertex AI tunes with such keys in us-central1 only."
  type        = bool
  default     = false

  validation {
    condition = !var.cmek || alltrue([
      for location in concat(
        [var.region, coalesce(var.default_region, var.region), coalesce(var.firestore_location, var.region)],
        tolist(var.tensorboard_regions),
      ) : location == local.cmek_region
    ])
    error_message = "With cmek every location has to be ${local.cmek_region}: the guide has keys of one's own there only."
  }
}

variable "tensorboard_regions" {
  description = "Pipeline regions that get a TensorBoard of their own; jobs there send their metrics to it."
  type        = set(string)
  default     = []

  validation {
    condition     = length(setsubtract(var.tensorboard_regions, local.pipeline_regions)) == 0
    error_message = "tensorboard_regions must be pipeline regions: ${join(", ", local.pipeline_regions)}."
  }
}

variable "budget" {
  description = "Monthly budget of the project: billing_account, amount, and currency (USD unless it is given). \"none\" with a budget_reason is an answer, too: whoever applies this needs billing.budgets.* on the billing account. null: none, and not in production."
  type        = any
  default     = null

  validation {
    condition = var.budget == null || try(var.budget == "none", false) || try(
      length(setsubtract(keys(var.budget), ["billing_account", "currency", "amount"])) == 0
      && length(var.budget.billing_account) > 0
      && var.budget.amount > 0 && floor(var.budget.amount) == var.budget.amount,
      false,
    )
    error_message = "budget must be { billing_account, amount, currency }, with a whole positive number of currency units as its amount, or \"none\"."
  }

  validation {
    condition     = !local.is_production || var.budget != null
    error_message = "Production needs a budget, so that somebody hears of what is spent: budget = { billing_account = \"…\", amount = … }. Where you have no rights on the billing account, write budget = \"none\" and why in budget_reason."
  }
}

variable "budget_reason" {
  description = "Why budget is \"none\", for whoever reads this later."
  type        = string
  default     = ""

  validation {
    condition     = !try(var.budget == "none", false) || length(trimspace(var.budget_reason)) >= 10
    error_message = "budget = \"none\" needs a budget_reason: a sentence on who watches what is spent instead."
  }
}

variable "alert_emails" {
  description = "Who hears of alerts; in production somebody has to."
  type        = set(string)
  default     = []

  validation {
    condition     = !local.is_production || length(var.alert_emails) > 0
    error_message = "Production needs alert_emails: an alert that nobody hears of is none."
  }
}

variable "job_hours_alert" {
  description = "A job that takes longer than so many hours raises an alert."
  type        = number
  default     = 24

  validation {
    condition     = var.job_hours_alert > 0
    error_message = "job_hours_alert must be positive."
  }
}

variable "uploader_members" {
  description = "Who may upload into the inbox: user:, group: or serviceAccount: members."
  type        = set(string)
  default     = []

  validation {
    condition     = length(setintersection(var.uploader_members, ["allUsers", "allAuthenticatedUsers"])) == 0
    error_message = "uploader_members must name people, groups or service accounts: an upload spends money."
  }
}

variable "reader_members" {
  description = "Who may read run documents and results."
  type        = set(string)
  default     = []

  validation {
    condition     = length(setintersection(var.reader_members, ["allUsers", "allAuthenticatedUsers"])) == 0
    error_message = "reader_members must name people, groups or service accounts."
  }
}

variable "listener_members" {
  description = "Who may subscribe to run-events, the topic of every change of state."
  type        = set(string)
  default     = []

  validation {
    condition     = length(setintersection(var.listener_members, ["allUsers", "allAuthenticatedUsers"])) == 0
    error_message = "listener_members must name people, groups or service accounts."
  }
}

locals {
  # A name that nobody knows is taken for production, and not the other way round.
  is_production = !contains(["dev", "test", "sandbox"], var.environment)

  # shared/core/models/regions.ts: "Supported pipeline job and model upload regions" of the guide.
  pipeline_regions = [
    "us-central1", "europe-west4", "asia-southeast1", "us-west1", "europe-west3", "europe-west2", "asia-northeast1",
    "us-east4", "us-west4", "northamerica-northeast1", "europe-west9", "europe-west1", "asia-northeast3",
  ]
  # shared/core/models/regions.ts, CMEK_REGION.
  cmek_region = "us-central1"

  bucket_prefix      = coalesce(var.bucket_prefix, var.project_id)
  default_region     = coalesce(var.default_region, var.region)
  firestore_location = coalesce(var.firestore_location, var.region)
}
