# functions/functions.json is the one list of buckets, topics, functions and triggers: the build, the embedded cloud and this
# configuration read the same file. Here it is turned into what `for_each` takes.
# The version of package.json is a label of each function, which `tunedrop doctor` holds against its own.

locals {
  version   = jsondecode(file("${path.module}/../package.json")).version
  topology  = jsondecode(file("${path.module}/../functions/functions.json"))
  functions = local.topology.functions
  topics    = local.topology.topics
  buckets   = local.topology.buckets

  triggers = flatten([
    for name, function in local.functions : [
      for trigger in function.triggers : merge(trigger, { function = name })
    ]
  ])

  # A function has one storage trigger at most: the platform's own limit.
  storage_triggers  = { for trigger in local.triggers : trigger.function => trigger if trigger.kind == "storage" }
  pubsub_triggers   = { for trigger in local.triggers : trigger.subscription => trigger if trigger.kind == "pubsub" }
  schedule_triggers = { for trigger in local.triggers : trigger.function => trigger if trigger.kind == "schedule" }

  dead_letter_topics = toset([for trigger in values(local.pubsub_triggers) : trigger.deadLetterTopic])
}
