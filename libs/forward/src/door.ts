import type { X509Certificate } from "node:crypto";
import type { Engine } from "./engine.ts";

/** Header lines as they stood on the wire: name, value, name, value…; latin1, case, order and duplicates as received. */
export type RawHeaders = readonly string[];

/** An answer that is made here and not by a target. Framing headers are added by the engine. */
export interface Answer {
  status: number;
  headers: RawHeaders;
  body?: string | Uint8Array;
}

/** Why a request never became an {@link Exchange}. */
export type Malformation =
  | "bad_request"
  | "headers_too_large"
  | "timeout"
  | "ambiguous_framing"
  | "unknown_transfer_encoding";

/** Certificates of a TLS listener; everything is PEM. */
export interface ListenerTls {
  cert: string;
  key: string;
  ca?: string;
  requestCert?: boolean;
  rejectUnauthorized?: boolean;
  minVersion?: "TLSv1.2" | "TLSv1.3";
  /** Revocation lists. With one, every authority of a chain needs one, and none may be out of date. */
  crl?: readonly string[];
  /** Asked about each client whose certificate was accepted; false ends the connection. */
  admits?: (certificate: X509Certificate) => boolean;
  /**
   * Asked about the clients of open connections when these settings take the place of others. Those that are not kept end:
   * idle at once, others with their next answer. Without it, another `ca` ends all.
   */
  keeps?: (certificate: X509Certificate) => boolean;
}

export interface ListenerOptions {
  /** What carries the bytes. "node". */
  engine?: Engine;
  /** 0 picks a free one; the real one is {@link Listener.port}. */
  port: number;
  host?: string;
  /** Bytes of request line and headers together. 1 MiB. */
  maxHeaderBytes?: number;
  /** Time from the first byte of a connection or request to the end of its headers. 60 s. */
  headersTimeoutMs?: number;
  /** Time a client may send nothing while its request body is awaited. 60 s. */
  bodyIdleTimeoutMs?: number;
  /** Time a client has for its request body as a whole, as long as it is read as fast as it comes. No limit. */
  bodyTimeoutMs?: number;
  /** Time a client may take not a byte of a response that waits for it; then its connection is broken. 60 s; 0: no limit. */
  responseIdleTimeoutMs?: number;
  /** Time an unused connection is kept. 75 s. */
  keepAliveTimeoutMs?: number;
  /** The longest an exchange may take as a whole. No limit. */
  maxRequestDurationMs?: number;
  /** Connections the kernel may hold before they are accepted. 4,096. */
  backlog?: number;
  /** Whether connections may become something else than HTTP/1.1, such as WebSockets. Without, `Upgrade` is passed over. */
  upgrades?: boolean;
  tls?: ListenerTls;
  /** Clients of a TLS listener may choose HTTP/2. */
  http2?: boolean;
  /** The answer to what is no valid HTTP (400, 501), too large (431) or too slow (408). Default: what Go's server says. */
  malformed?: (kind: Malformation) => Answer;
  /** What the handler threw; its client gets a 500. */
  onError?: (error: unknown) => void;
}

export interface Listener {
  readonly port: number;
  /** Exchanges that were handed to the handler and are not over. */
  readonly inFlight: number;
  /** Every further answer says `Connection: close`, so that clients go elsewhere in time; all are served as before. */
  announceEnd(): void;
  /** The same, and unused connections are closed, new ones refused. */
  drain(): void;
  /**
   * New connections use this certificate, and no session of before is resumed; a broken one throws and changes nothing.
   * Open connections whose clients are not to be kept end.
   */
  setTls(tls: ListenerTls): void;
  /** Drains, waits for what is in flight until the deadline, then breaks what is left. */
  stop(deadline?: AbortSignal): Promise<void>;
}

/** One request and the place for its answer. Either `answer` or `forward` is called on it, once. */
export interface Exchange {
  readonly method: string;
  /** The request target exactly as received: origin-form, absolute-form or `*`. */
  readonly url: string;
  readonly headers: RawHeaders;
  readonly httpVersion: string;
  readonly remoteAddress: string;
  readonly hasBody: boolean;
  /** What the client declared; undefined for chunked bodies and for requests that declare nothing. */
  readonly contentLength: number | undefined;
  /**
   * What the client wants the connection to become (`Upgrade`), where the listener allows it and it is not HTTP again.
   * `forward` asks the target for it; when that answers 101, bytes go both ways as they come, until an end or silence.
   * Any other answer is passed on as usual, and is the last on its connection.
   */
  readonly upgrade: string | undefined;
  /** The client is gone; whatever is answered now goes nowhere. */
  readonly aborted: boolean;
  /** DER of the verified peer certificate (TLS listeners). */
  clientCertificate(): Uint8Array | undefined;
  /** Answers here and now; an unread request body is discarded within bounds, else the connection is closed. */
  answer(answer: Answer): void;
}

export interface TargetTls {
  /** PEM of the authorities that are trusted, in place of the system's. */
  ca?: string;
  /** `ca` is trusted beside the system's authorities. */
  trustsSystem?: boolean;
  cert?: string;
  key?: string;
  rejectUnauthorized?: boolean;
  /** Name for SNI and the identity check, when it is not the origin's host. */
  servername?: string;
  /** Base64 of the SHA-256 of public keys (SubjectPublicKeyInfo): the server's certificate must have one of them. */
  pins?: readonly string[];
}

/** A proxy that calls go through. */
export interface ForwardProxy {
  /** scheme://host[:port] */
  origin: string;
  /** The value of `Proxy-Authorization`. */
  authorization?: string;
}

export interface TargetOptions {
  /** What carries the bytes of HTTP/1.1. "node". */
  engine?: Engine;
  /** scheme://host[:port] */
  origin: string;
  tls?: TargetTls;
  /** HTTP/2 is used where a target with TLS wants it. True. */
  http2?: boolean;
  /** Asked for a connection to an https target, and in every request to an http target. */
  proxy?: ForwardProxy;
  /**
   * Why an address may not be connected to; undefined when it may. Asked for each that a name leads to, of the target or,
   * where there is one, of the proxy, right before it is tried; IPv4 in IPv6 is shown as IPv4. The text becomes the error's message.
   */
  checkAddress?: (address: string) => string | undefined;
  /** Everything from the look-up of the name to the end of the TLS handshake. 10 s. */
  connectTimeoutMs?: number;
  /** A connection is not used for new requests when it is older, so that its name is looked up again. 10 min. */
  maxConnectionAgeMs?: number;
  /** Also the requests at one time, where several share a connection. 128. */
  maxConnections?: number;
  /** Requests that may wait for a connection. 1,024. */
  maxQueued?: number;
  /** How long an unused connection is kept, unless the target's `Keep-Alive` says otherwise. 4 s; with HTTP/2 60 s. */
  keepAliveTimeoutMs?: number;
}

/** A pool of connections to one identity: all that {@link TargetOptions} says. */
export interface Target {
  readonly origin: string;
  readonly inFlight: number;
  /** Lets running calls end; later ones fail as unreachable. */
  close(): Promise<void>;
  /** Breaks running calls. */
  destroy(): Promise<void>;
}

/** Keeps request bodies while they are sent on, so that they can be sent again: in memory first, then in files. */
export interface ReplayStore {
  /** What is kept at the moment, in memory and on disk. */
  readonly bytes: number;
}

export interface ReplayStoreOptions {
  /** Of one body in memory. 1 MiB. */
  memoryBytes?: number;
  /** Of one body on disk, beyond what is in memory. 64 MiB. */
  diskBytes?: number;
  /** Of all bodies together; an eighth of it in memory. 256 MiB. */
  totalBytes?: number;
  /** Where the files are. They have no name while they are used. The system's folder for such files. */
  folder?: string;
  /** The disk refused; the body it was for can't be sent again. */
  onError?: (error: Error) => void;
}

/** With what a request is sent once more. Its method stays, and its body from the start. */
export interface Resend {
  headers: RawHeaders;
  /** The same as before when absent. */
  path?: string;
  /** The same as before when absent. */
  target?: Target;
}

/** What is asked or told is called as a method of these. */
export interface ForwardOptions {
  /** The client's, when absent. */
  method?: string;
  /** Origin-form with query, exact bytes as latin1. */
  path: string;
  /** Everything for the target but framing and hop-by-hop; `Host` included. */
  headers: RawHeaders;
  /** To an open connection, where none is. The target's, when absent or longer than that. */
  connectTimeoutMs?: number;
  /** To the response head, counted from the end of the request body; also to get a connection. 0: no limit. */
  responseTimeoutMs: number;
  /** Between two pieces of the response body; also for the target to take more of the request body. 0: no limit. */
  bodyIdleTimeoutMs: number;
  /** Time the client may send nothing while its request body is awaited. The listener's, when absent. 0: no limit. */
  requestIdleTimeoutMs?: number;
  maxRequestBodyBytes?: number;
  /** A longer response is a failure when its length is known, and broken off where it exceeds this otherwise. */
  maxResponseBodyBytes?: number;
  /** Between any two bytes of an upgraded connection; its only limit. 5 min. 0: no limit. */
  tunnelIdleTimeoutMs?: number;
  /** The whole exchange. The listener's, when absent. */
  maxDurationMs?: number;
  /** May change status and headers (already without hop-by-hop) before they reach the client. */
  onResponse?: (status: number, headers: string[]) => { status: number; headers: string[] } | undefined;
  /** May change the headers of an interim response (1xx but 101), or the trailers of a final one. Called as a method of the options. */
  onFields?(fields: string[]): void;
  /** Where request bodies of more than 16 KiB are kept until the response head. Without it they can't be sent again. */
  replay?: ReplayStore;
  /**
   * Asked about a final response of 300 or more while nothing of it was passed on and the request can be sent again. A
   * promise holds the response back; with a `Resend` it is thrown away, and the next one takes its place, with limits in
   * time of its own; with undefined it is passed on. A rejection ends the exchange with `resend_failed`. The promise needs
   * an end of its own, and the asked one has to count: the engine itself stops asking at 16 tries only.
   */
  reconsider?: (status: number, headers: RawHeaders) => Promise<Resend | undefined> | undefined;
  /**
   * Asked when no connection could be had, so that nothing of the request was sent: the time in ms after which to try
   * again, with limits in time of its own, or undefined to give up. The asked one has to count; see {@link reconsider}.
   */
  onUnsent?: (failure: ForwardFailure) => number | undefined;
  /** The answer when there is no response head to pass on. After the head, the client's connection is broken instead. */
  onFailure: (failure: ForwardFailure) => Answer;
  /** Called exactly once, when nothing more happens for this exchange. */
  onDone?: (outcome: Outcome) => void;
}

export type FailureKind =
  /** `checkAddress` has refused. */
  | "forbidden"
  | "unreachable"
  | "tls"
  | "dns"
  | "reset"
  | "protocol"
  | "timeout"
  | "request_body_timeout"
  | "request_body_too_large"
  | "response_body_too_large"
  | "client_gone"
  | "queue_full"
  | "resend_failed";

export interface ForwardFailure {
  kind: FailureKind;
  error?: Error;
}

export interface Outcome {
  /** Sent to the client; 0 when nothing was. */
  status: number;
  targetStatus: number | undefined;
  failure?: ForwardFailure;
  /** How often the request was sent, in whole or in part: more than once after a stale connection or a `Resend`. */
  tries: number;
  /** Body bytes that the client sent. */
  requestBytes: number;
  /** Body bytes handed to the client. */
  responseBytes: number;
  /** The client got the target's whole response. */
  complete: boolean;
}
