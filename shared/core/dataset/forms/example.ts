/** An example without the form that it was written in: what is said before, turn by turn, and what the model answers. */
export interface Example {
  /** What stands before all turns. */
  system?: string | undefined;
  turns: ExampleTurn[];
}

export interface ExampleTurn {
  role: 'user' | 'model';
  text: string;
}
