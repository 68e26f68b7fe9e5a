/** What the webhook counts, as plain fields. */
export class WebhookStats {
  readonly conversions = { success: 0, error: 0 };
  /** When its certificate is over, in ms since the epoch; undefined without one. */
  expiresAt: number | undefined;
}
