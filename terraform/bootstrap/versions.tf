# What has to be there before anything can be deployed by a machine: where state and plans are kept, who plans, who deploys, and
# which builds do so. Applied by a person, once per environment; its state is local at first (see ../README.md).

terraform {
  required_version = ">= 1.9, < 2.0"

  required_providers {
    google = {
      source  = "hashicorp/google"
      version = ">= 7.33, < 9.0"
    }
  }
}

provider "google" {
  project = var.project_id
  region  = var.region
}
