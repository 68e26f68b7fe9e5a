/** The attributes of an event that a decision may need; decoded, so that they can be compared. */
export interface EventContext {
  readonly id: string;
  readonly source: string;
  readonly type: string;
}
