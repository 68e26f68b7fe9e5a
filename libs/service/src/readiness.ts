/** Says why not, or undefined when all is well. */
export type ReadinessCheck = () => string | undefined;

export interface ReadinessReport {
  ready: boolean;
  checks: { name: string; problem?: string }[];
}

/** Runs every check; one that throws counts as failed, for it cannot vouch for anything. */
export function reportReadiness(checks: ReadonlyMap<string, ReadinessCheck>): ReadinessReport {
  const results = [...checks].map(([name, check]) => {
    const problem = outcome(check);
    return problem === undefined ? { name } : { name, problem };
  });
  return { ready: results.every(({ problem }) => problem === undefined), checks: results };
}

function outcome(check: ReadinessCheck): string | undefined {
  try {
    return check();
  } catch (error) {
    return `the check failed: ${error instanceof Error ? error.message : String(error)}`;
  }
}
