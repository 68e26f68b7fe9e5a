/** Where a case is played: a listener, as far as the bytes of a request depend on it. */
export interface Place {
  /** The request target that leads to `tag`, for this play of the case only. */
  path(tag: string): string;
  /** The header lines that every request needs here, `Host` first, each with its line end. */
  readonly head: string;
  /** How large the heads may be that this listener takes. */
  readonly maxHeaderBytes: number;
}

export type Bytes = (at: Place) => string;

/** What the client does after its first bytes: more bytes, or the end of its side, when the condition holds. */
export interface Step {
  /** `sent` at once, `target` when a request has begun to arrive there, `answer` when a final response has come. */
  readonly after: "sent" | "target" | "answer";
  readonly send?: Bytes;
  readonly end?: boolean;
}

/** `served`: the listener's ordinary answer. `refused`: 4xx, 501 or 505. `any`: whatever final response. */
export type Expected = "served" | "refused" | "any" | number;

/** One right way to treat a case. */
export interface Outcome {
  /** The final responses in order; nothing may follow them. */
  readonly answers: readonly Expected[];
  /** Open means that one more request on the same connection is served, silent that it is neither served nor closed. */
  readonly after: "open" | "closed" | "silent";
  /** The whole requests that the target sees, in order: tag and body. Where nothing is forwarded, none. */
  readonly target: readonly (readonly [tag: string, body: string])[];
}

/** A request as the target received it. */
export interface Seen {
  readonly connection: number;
  readonly method: string;
  readonly path: string;
  readonly version: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly framing: "none" | "length" | "chunked";
  readonly body: string;
  readonly trailers: readonly (readonly [name: string, value: string])[];
}

/**
 * Bytes that a client may send, and what may come of them. Nothing in a case depends on which program or engine answers,
 * so the same table can be played against two of them and the observations compared.
 */
export interface Case {
  readonly title: string;
  readonly bytes: Bytes;
  readonly steps?: readonly Step[];
  /** Any of these is right. */
  readonly right: readonly Outcome[];
  /** What must hold for every request that the target sees, beyond being well-formed; says what is wrong. */
  readonly check?: (seen: Seen) => string | undefined;
  /** Where nothing is forwarded nobody can be smuggled past; this is right there as well. */
  readonly rightWhereNothingIsForwarded?: readonly Outcome[];
  /** Tells the target how to behave. */
  readonly target?: TargetBehaviour;
}

/** `early`: answers a request by its head alone. `refuses upgrades`: 200 to everything. `switches`: 101 to every upgrade. */
export type TargetBehaviour = "early" | "switches" | "refuses upgrades";

const nothing = [] as const;

/** An answer that says no, and no more on this connection. */
export const refused: readonly Outcome[] = [{ answers: ["refused"], after: "closed", target: nothing }];

/** The same when the head had been forwarded already: then breaking off says no as well. */
export const refusedInBody: readonly Outcome[] = [...refused, { answers: [], after: "closed", target: nothing }];

/** Who answers by the head alone may have answered before the body turned out to be none. */
export const answeredBeforeBody: readonly Outcome[] = [
  { answers: ["served"], after: "closed", target: nothing },
  { answers: ["served", "refused"], after: "closed", target: nothing },
];

export function served(target: Outcome["target"], after: Outcome["after"] = "open"): readonly Outcome[] {
  return [{ answers: target.map(() => "served" as const), after, target }];
}

/** A request without a body: `GET tag`, with header lines of its own. */
export const get =
  (tag: string, lines = "", version = "HTTP/1.1"): Bytes =>
  (at) =>
    `GET ${at.path(tag)} ${version}\r\n${at.head}${lines}\r\n`;

/** `POST first` with these header lines, and whatever follows them as its body. */
export const post =
  (lines: string, body: Bytes | string, method = "POST"): Bytes =>
  (at) =>
    `${method} ${at.path("first")} HTTP/1.1\r\n${at.head}${lines}\r\n${text(body, at)}`;

/** The request that nobody may ever take for one. */
export const smuggled = get("smuggled");

export function text(bytes: Bytes | string, at: Place): string {
  return typeof bytes === "string" ? bytes : bytes(at);
}

/** A body of chunks, as it should be. */
export function chunked(...parts: string[]): string {
  return `${parts.map((part) => `${part.length.toString(16)}\r\n${part}\r\n`).join("")}0\r\n\r\n`;
}
