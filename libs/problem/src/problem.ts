import { catalogue, type ProblemCode } from "./catalogue.ts";

/** A failure that a caller gets to see; the catalogue says how. */
export class Problem extends Error {
  override readonly name = "Problem";
  readonly code: ProblemCode;
  /** When the same call may succeed, if that is known. */
  readonly retryAfterMs: number | undefined;

  constructor(code: ProblemCode, message: string, options: ErrorOptions & { retryAfterMs?: number } = {}) {
    super(message, options);
    this.code = code;
    this.retryAfterMs = options.retryAfterMs;
  }

  get status(): number {
    return catalogue[this.code].status;
  }

  /** Whether the same call may succeed later. */
  get retry(): boolean {
    return catalogue[this.code].retry;
  }

  /** What is wrong in general; the message says what is wrong here. */
  get title(): string {
    return catalogue[this.code].title;
  }

  /** The code as a machine token for logs, metrics and headers, such as `subject_mismatch`. */
  get reason(): string {
    return this.code.toLowerCase();
  }

  /** The body that Kyma's clients already parse. */
  toLegacyBody(): { code: number; error: string } {
    return { code: this.status, error: this.message };
  }
}
