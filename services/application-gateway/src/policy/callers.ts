import { type Exchange, headerValues } from "@application-connector/forward";
import type { AddressRules } from "../protection/address-rules.ts";
import type { Caller } from "./caller.ts";
import { meshCaller } from "./mesh-caller.ts";
import type { TokenReviewer } from "./token-reviewer.ts";

/** The header in which a caller may send a token of its service account. It never reaches a target. */
export const callerTokenHeader = "caller-token";

export interface CallersOptions {
  /** Addresses of the sidecar, whose word on who calls is taken. */
  readonly meshPeers: AddressRules;
  readonly trustDomain: string;
  /** Absent: tokens are not accepted. */
  readonly reviewer?: TokenReviewer;
}

/** How it is found out who calls. */
export class Callers {
  readonly #options: CallersOptions;

  constructor(options: CallersOptions) {
    this.#options = options;
  }

  /** Nothing is configured by which anybody could be known. */
  get knowNobody(): boolean {
    return this.#options.meshPeers.isEmpty && this.#options.reviewer === undefined;
  }

  get takeTokens(): boolean {
    return this.#options.reviewer !== undefined;
  }

  /** Undefined when nothing proves who it is. A promise only for a token that is not known yet. */
  identify({ headers, remoteAddress }: Exchange): Caller | undefined | Promise<Caller | undefined> {
    const { meshPeers, trustDomain, reviewer } = this.#options;
    if (meshPeers.match(remoteAddress) !== undefined) {
      const caller = meshCaller(headers, trustDomain);
      if (caller !== undefined) return caller;
    }
    const [token] = reviewer === undefined ? [] : headerValues(headers, callerTokenHeader);
    return token === undefined ? undefined : reviewer?.callerOf(token.replace(/^Bearer +/i, "").trim());
  }
}
