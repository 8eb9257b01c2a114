import { RUN_CHANGES_TOPIC } from '../../shared/core/run/changes.ts';

/** Hears of the ends of runs, and of tuned models that end. */
const PUSH = `gcloud pubsub subscriptions create tell-chat \\
  --topic=${RUN_CHANGES_TOPIC} \\
  --message-filter='attributes.terminal = "true" OR attributes:model' \\
  --push-endpoint="$(gcloud run services describe tell-chat --region=REGION --format='value(status.url)')" \\
  --push-auth-service-account=tell-chat@PROJECT.iam.gserviceaccount.com \\
  --expiration-period=never`;

/** The whole of `index.js`; nothing is imported, so that there is nothing to install. */
const FUNCTION = `/** Brings what Pub/Sub pushes to a chat: Slack, and every webhook that takes {"text": …}. */
export async function tellChat(request, response) {
  const { data } = JSON.parse(Buffer.from(request.body.message.data, 'base64').toString());
  const about = data.state === undefined ? '' : data.manifest + ': ' + data.state + '. ';
  // Names come from people: a folder called <!channel> must not call everybody.
  const text = (about + data.message).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const answer = await fetch(process.env.WEBHOOK_URL, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ text }),
    signal: AbortSignal.timeout(10_000),
  });
  // Pub/Sub sends again what was not taken; the log has the status, never the address, which is a secret.
  if (!answer.ok) console.error('the webhook answered ' + answer.status);
  response.status(answer.ok ? 204 : 502).end();
}`;

const DEPLOY = `gcloud iam service-accounts create tell-chat
printf %s 'https://hooks.slack.com/services/…' | gcloud secrets create tell-chat-webhook --data-file=-
gcloud secrets add-iam-policy-binding tell-chat-webhook \\
  --member=serviceAccount:tell-chat@PROJECT.iam.gserviceaccount.com --role=roles/secretmanager.secretAccessor
gcloud functions deploy tell-chat --gen2 --region=REGION --runtime=nodejs24 --source=. --entry-point=tellChat \\
  --trigger-http --no-allow-unauthenticated --max-instances=1 \\
  --service-account=tell-chat@PROJECT.iam.gserviceaccount.com --set-secrets=WEBHOOK_URL=tell-chat-webhook:latest
gcloud run services add-iam-policy-binding tell-chat --region=REGION \\
  --member=serviceAccount:tell-chat@PROJECT.iam.gserviceaccount.com --role=roles/run.invoker`;

const TRANSFORM = `- javascriptUdf:
    functionName: toChat
    code: |
      function toChat(message, metadata) {
        const { data } = JSON.parse(message.data);
        const about = data.state === undefined ? '' : data.manifest + ': ' + data.state + '. ';
        message.data = JSON.stringify({ text: about + data.message });
        return message;
      }`;

/** How run events come to people: a chat, a webhook, mail. */
export const TELL_PEOPLE = [
  '## Tell people',
  'Three ways, from the one with the most say in what is told to the one with the least. The function is run by a test as it stands here, behind a push of the embedded Pub/Sub; the two other ways are as Google documents them, and were tried on no project.',
  '### A small function: Slack, or any webhook',
  'In an empty folder, `package.json` with `{"type": "module", "main": "index.js"}` and this `index.js`:',
  `\`\`\`js\n${FUNCTION}\n\`\`\``,
  'The address of the webhook is a secret: whoever knows it can write in the channel. Then the function, the right to call it, and the subscription:',
  `\`\`\`sh\n${DEPLOY}\n${PUSH}\n\`\`\``,
  'A message may come twice, and then stands in the chat twice: its `id` tells. What the webhook does not take comes again for seven days (`--message-retention-duration`), later and later with `--min-retry-delay` and `--max-retry-delay`. Leave the filter out to hear every change of state.',
  '### A subscription alone: no wrapper, and a transform',
  'Pub/Sub can push straight to the webhook. A transform makes the text, and `--push-no-wrapper` sends it as the body in place of Pub/Sub’s own JSON. No function is deployed; but the address of the webhook stands in the subscription, where everybody sees it who may look at subscriptions, the webhook must take the push as it comes, and signs such as `<` are not taken care of. `transform.yaml`:',
  `\`\`\`yaml\n${TRANSFORM}\n\`\`\``,
  `\`\`\`sh\ngcloud pubsub subscriptions create tell-chat-directly \\\n  --topic=${RUN_CHANGES_TOPIC} --message-filter='attributes.terminal = "true"' \\\n  --message-transforms-file=transform.yaml \\\n  --push-endpoint=WEBHOOK --push-no-wrapper --expiration-period=never\n\`\`\``,
  '### An alert and a notification channel: mail, Slack, PagerDuty',
  'Cloud Monitoring reaches people through notification channels, of which a deployment has one for each of `alert_emails`; the console adds Slack and others (Monitoring, Alerting, Edit notification channels). Its [alerts](operations.md#alerts) are about the deployment, not about each run. For the ends of runs give a subscription an alert of its own: with a pull subscription `tuning-ends` as above that nobody empties, the metric `pubsub.googleapis.com/subscription/num_undelivered_messages` above 0 rings the channel. It says that something ended and not what, and rings until somebody pulls.',
];
