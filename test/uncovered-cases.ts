/** Numbered cases of the specifications that no test shows yet, and why. `npm run test:cases` prints them. */
export const specifications = [
  { id: "AG", name: "application-gateway", cases: 66 },
  { id: "CV", name: "connectivity-validator", cases: 56 },
  { id: "CM", name: "connector-manager", cases: 54 },
  { id: "KR", name: "kubernetes-runtime", cases: 25 },
  { id: "RA", name: "runtime-agent", cases: 54 },
  { id: "UCL", name: "ucl-graphql", cases: 20 },
] as const;

export const uncovered: Readonly<Record<string, string>> = {};

/**
 * Rows of tables that no number names and that fail today: why, by `<program>, <listener>: <title>`. Their tests expect
 * the failure and say so when it is gone.
 */
export const failing: Readonly<Record<string, string>> = {};
