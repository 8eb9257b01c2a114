locals {
  # Title, filter, and what lines are grouped by; two charts a row.
  charts = [
    ["Runs by state", "${local.on_run}/tunedrop_run_changed\"", "metric.label.state"],
    ["Requests by function", local.requests, "resource.label.service_name"],
    ["Answers that are no 2xx", "${local.requests} AND metric.labels.response_code_class!=\"2xx\"", "resource.label.service_name"],
    ["Failures of ticks, by reason", "${local.on_run}/tunedrop_tick_failed\"", "metric.label.reason"],
  ]

  gauges = [
    ["Oldest message, seconds", "${local.on_subscription}(\"${local.deliveries}\") AND metric.type=\"pubsub.googleapis.com/subscription/oldest_unacked_message_age\"", "resource.label.subscription_id"],
    ["Dead letters", "${local.on_subscription}(\"${join("|", formatlist("%s-kept", local.dead_letter_topics))}\") AND metric.type=\"pubsub.googleapis.com/subscription/num_undelivered_messages\"", "resource.label.subscription_id"],
    ["Seconds that a job has taken", local.threshold_alerts.job_overdue.filter, "resource.label.pipeline_job_id"],
  ]

  widgets = concat(
    [for chart in local.charts : { chart = chart, aligner = "ALIGN_DELTA", reducer = "REDUCE_SUM" }],
    [for chart in local.gauges : { chart = chart, aligner = "ALIGN_MAX", reducer = "REDUCE_MAX" }],
  )
}

resource "google_monitoring_dashboard" "this" {
  dashboard_json = jsonencode({
    displayName = "tunedrop ${var.environment}"
    mosaicLayout = {
      columns = 48
      tiles = [
        for index, widget in local.widgets : {
          xPos   = index % 2 * 24
          yPos   = floor(index / 2) * 16
          width  = 24
          height = 16
          widget = {
            title = widget.chart[0]
            xyChart = {
              dataSets = [{
                plotType = "LINE"
                timeSeriesQuery = {
                  timeSeriesFilter = {
                    filter = widget.chart[1]
                    aggregation = {
                      alignmentPeriod    = "300s"
                      perSeriesAligner   = widget.aligner
                      crossSeriesReducer = widget.reducer
                      groupByFields      = [widget.chart[2]]
                    }
                  }
                }
              }]
            }
          }
        }
      ]
    }
  })

  depends_on = [time_sleep.log_metrics]
}
