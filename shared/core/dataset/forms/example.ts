/** An example without the form that it was written in: what is said before, turn by turn, and what the model answers. */
export interface Example {
  /** What stands before all turns, in its paragraphs; empty where there is nothing. */
  system: readonly string[];
  turns: ExampleTurn[];
}

export interface ExampleTurn {
  role: 'user' | 'model';
  texts: readonly string[];
}
