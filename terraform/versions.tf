terraform {
  # Validation that looks at other variables needs 1.9.
  required_version = ">= 1.9, < 2.0"

  required_providers {
    google = {
      source  = "hashicorp/google"
      version = ">= 7.33, < 9.0"
    }
    time = {
      source  = "hashicorp/time"
      version = "~> 0.13"
    }
  }

  # Which bucket: env/NAME.gcs.tfbackend.
  backend "gcs" {}
}

provider "google" {
  project = var.project_id
  region  = var.region

  # The budget API bills its calls to a project, and has to be told to which.
  user_project_override = true
  billing_project       = var.project_id

  default_labels = {
    application = "tunedrop"
    environment = var.environment
  }
}
