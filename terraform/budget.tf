locals {
  budgets = var.budget == null || try(var.budget == "none", false) ? [] : [var.budget]
}

resource "google_billing_budget" "this" {
  count = length(local.budgets)

  billing_account = local.budgets[0].billing_account
  display_name    = "tunedrop ${var.environment}"

  budget_filter {
    projects = ["projects/${data.google_project.this.number}"]
  }

  amount {
    specified_amount {
      currency_code = try(local.budgets[0].currency, "USD")
      units         = tostring(local.budgets[0].amount)
    }
  }

  dynamic "threshold_rules" {
    for_each = [0.5, 0.9, 1.0]
    content {
      threshold_percent = threshold_rules.value
    }
  }

  threshold_rules {
    threshold_percent = 1.0
    spend_basis       = "FORECASTED_SPEND"
  }

  # Beside the administrators of the account, whom Google tells in any case. A budget is said to take five channels at most.
  dynamic "all_updates_rule" {
    for_each = length(var.alert_emails) > 0 ? [slice(local.channels, 0, min(5, length(local.channels)))] : []
    content {
      monitoring_notification_channels = all_updates_rule.value
    }
  }

  depends_on = [google_project_service.this]
}
