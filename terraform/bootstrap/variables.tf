variable "project_id" {
  description = "The project of this environment."
  type        = string
}

variable "environment" {
  description = "Names env/ENVIRONMENT.tfvars and env/ENVIRONMENT.gcs.tfbackend."
  type        = string
}

variable "region" {
  description = "Where state and plans are kept, and where builds run."
  type        = string
  default     = "us-central1"
}

variable "bucket_prefix" {
  description = "As in env/ENVIRONMENT.tfvars, where it is given there."
  type        = string
  default     = null
}

variable "repository" {
  description = "The repository as Cloud Build knows it: projects/P/locations/REGION/connections/C/repositories/R. Connecting it is a matter of a consent in a browser. Null: no build by a push, and plans are made by hand."
  type        = string
  default     = null

  validation {
    condition     = var.repository == null || can(regex("^projects/[^/]+/locations/[^/]+/connections/[^/]+/repositories/[^/]+$", var.repository))
    error_message = "repository must be projects/P/locations/REGION/connections/C/repositories/R, or null for no triggers."
  }
}

variable "branch" {
  description = "Regular expression of the branch that is deployed."
  type        = string
  default     = "^main$"
}

variable "approver_members" {
  description = "Who may approve an apply. Empty: no trigger applies, and cloudbuild.apply.yaml is submitted by hand."
  type        = set(string)
  default     = []

  validation {
    condition     = var.repository == null || length(var.approver_members) > 0
    error_message = "approver_members must not be empty: without an approval no trigger ever applies anything."
  }
}
