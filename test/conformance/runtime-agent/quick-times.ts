/** Of what is not the agent's to configure; that the real times are as specified is looked at beside their source. */
export const quickTimes = {
  firstBackOffMs: 200,
  leaseTimes: { leaseDurationMs: 6_000, renewDeadlineMs: 4_000, retryPeriodMs: 500 },
} as const;
