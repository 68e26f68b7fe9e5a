import type { Problem } from "./problem.ts";

/** The content type of RFC 9457. */
export const problemContentType = "application/problem+json";

/** A problem in the shape of RFC 9457, extended by its stable code and whether a retry can help. */
export interface ProblemDetails {
  type: string;
  title: string;
  status: number;
  detail: string;
  instance?: string;
  code: string;
  retry: boolean;
}

export function problemDetails(problem: Problem, instance?: string): ProblemDetails {
  return {
    type: `urn:application-connector:problem:${problem.reason}`,
    title: problem.title,
    status: problem.status,
    detail: problem.message,
    ...(instance === undefined ? {} : { instance }),
    code: problem.code,
    retry: problem.retry,
  };
}
