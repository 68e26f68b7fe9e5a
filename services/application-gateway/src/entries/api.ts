import type { Credential, CsrfSession, RequestParameters, TokenView } from "@application-connector/credentials";
import type { Target } from "@application-connector/forward";
import type { BasePath } from "../target/join.ts";
import type { TargetUrl } from "../target/target-url.ts";
import type { Mistake } from "./mistake.ts";
import type { Strip } from "./strip.ts";

/** An API entry made ready: all that a call needs, so that a request computes none of it. Replaced as a whole. */
export interface Api {
  readonly target: Target;
  readonly url: TargetUrl;
  readonly base: BasePath;
  readonly encodeUrl: boolean;
  readonly credential: Credential;
  readonly parameters: RequestParameters;
  readonly strip: Strip;
  /** The same when the caller brings its own token. */
  readonly stripWithExternalToken: Strip;
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
