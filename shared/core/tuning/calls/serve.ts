/** Which checkpoint the endpoint of a tuned model serves. */

export interface ServeCall {
  /** The resource name of the model. */
  model: string;
  checkpoint: string;
  project: string;
  region: string;
}

/**
 * Google Cloud, "Use checkpoints in supervised fine-tuning for Gemini models": the endpoint of a tuned model serves its default
 * checkpoint, which google-genai sets; the older SDK cannot.
 */
export function pythonServe({ model, checkpoint, project, region }: ServeCall): string {
  return [
    'from google import genai',
    `client = genai.Client(vertexai=True, project="${project}", location="${region}")`,
    `client.models.update(model="${model}", config={"default_checkpoint_id": "${checkpoint}"})`,
  ].join('\n');
}
