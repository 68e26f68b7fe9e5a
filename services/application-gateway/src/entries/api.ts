import type { Credential, CsrfSession, RequestParameters, TokenView } from "@application-connector/credentials";
import type { EndToEndRules, Target } from "@application-connector/forward";
import type { Admission } from "../policy/admission.ts";
import type { CircuitBreaker } from "../resilience/circuit-breaker.ts";
import type { RetryBudget } from "../resilience/retry-budget.ts";
import type { BasePath } from "../target/join.ts";
import type { TargetUrl } from "../target/target-url.ts";
import type { HeaderRules } from "./header-rules.ts";
import type { Limits } from "./limits.ts";
import type { Mistake } from "./mistake.ts";

/** An API entry made ready: all that a call needs, so that a request computes none of it. Replaced as a whole. */
export interface Api {
  readonly target: Target;
  readonly url: TargetUrl;
  readonly base: BasePath;
  readonly encodeUrl: boolean;
  readonly credential: Credential;
  /** Statuses of the target, beside 401 and 403, after which what the credential has cached is of no use. */
  readonly purgeCodes: readonly number[];
  readonly parameters: RequestParameters;
  /** Slashes at the end of the request path reach the target. */
  readonly keepsTrailingSlash: boolean;
  /** Paths may lead above the target's own. */
  readonly allowsDotSegments: boolean;
  readonly redirects: "rewrite" | "passthrough" | "follow";
  readonly limits: Limits;
  /** Which client headers don't reach the target. */
  readonly strip: EndToEndRules;
  /** The same when the caller brings its own token. */
  readonly stripWithExternalToken: EndToEndRules;
  /** The target may see the address of the client. */
  readonly forwardsAddress: boolean;
  /** Undefined: the client gets all headers of the target. */
  readonly responseHeaders: HeaderRules | undefined;
  /** Undefined: everybody may call, as often as one likes. */
  readonly admission: Admission | undefined;
  /** Undefined: the target is called however often it fails. */
  readonly circuit: CircuitBreaker | undefined;
  /** Undefined: a call whose connection can't be opened has failed. */
  readonly retry: { readonly times: number; readonly budget: RetryBudget } | undefined;
  /** What is odd about its configuration but keeps no call from being made. */
  readonly warnings: readonly Mistake[];
  /** What became of its tokens and CSRF sessions; absent for APIs without credentials. */
  readonly tokens?: TokenView;
  readonly sessions?: TokenView<CsrfSession>;
  /** True once another has taken its place; a call that has waited for a token looks again then. */
  readonly isReplaced: boolean;
  /** A call is under way: its target stays open until `letGo`, whatever becomes of this API. */
  hold(): void;
  letGo(): void;
  /** Gives back what this API holds. Calls under way end undisturbed. */
  release(): void;
}
