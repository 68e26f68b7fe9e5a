/** What a queue counts. */
export interface QueueMetrics {
  added(): void;
  retried(): void;
  /** After waiting for so long. */
  taken(seconds: number): void;
  /** The work took so long. */
  worked(seconds: number): void;
}

const nothing = (): void => {};

export const noQueueMetrics: QueueMetrics = { added: nothing, retried: nothing, taken: nothing, worked: nothing };
