/** What is wrong with an event, for the metrics; the sentence is for its sender. */
export type InvalidReason =
  | "invalid_json"
  | "invalid_encoding"
  | "invalid_name"
  | "duplicate_attribute"
  | "missing_attribute"
  | "invalid_attribute"
  | "invalid_data"
  | "invalid_content_type"
  | "unsupported_media_type"
  | "invalid_batch"
  | "batch_too_long";

const maxMessageLength = 1_000;

/** The bytes are no CloudEvent. Messages name attributes and places, never values: those may be anybody's data. */
export class InvalidEvent extends Error {
  override readonly name = "InvalidEvent";
  readonly reason: InvalidReason;

  constructor(reason: InvalidReason, message: string) {
    // A name in it may be as long as a body.
    super(message.slice(0, maxMessageLength));
    this.reason = reason;
  }
}
