import type { RawHeaders } from "../door.ts";
import type { BodyRule } from "./message-parser.ts";
import { announcesBody, bodyLength, keepAliveMs, saysKeepAlive } from "./response-fields.ts";

/** What the heads of a response say about its body, and about its connection after it. */
export class ResponseTerms {
  /** The declared length of the body. */
  length: number | undefined = undefined;
  /** Nothing in the heads speaks against another request on the connection. */
  mayBeReused = false;
  /** How long the connection may wait for its next request. */
  idleMs: number;
  private isDoubtful = false;
  private readonly keepAliveTimeoutMs: number;

  constructor(keepAliveTimeoutMs: number) {
    this.keepAliveTimeoutMs = keepAliveTimeoutMs;
    this.idleMs = keepAliveTimeoutMs;
  }

  /** Of the response to the next request. */
  begin(): void {
    this.isDoubtful = false;
  }

  interim(headers: RawHeaders): void {
    // It may have no body (RFC 9110, 8.6): what its target means to send after it is anybody's guess. And a target that
    // has said once that it keeps no connection may not say so again.
    this.isDoubtful ||= announcesBody(headers) || keepAliveMs(headers, this.keepAliveTimeoutMs) === 0;
  }

  /** Says whether a body can follow (RFC 9112, 6.3). */
  final(method: string, status: number, headers: RawHeaders): BodyRule {
    this.length = bodyLength(headers);
    this.idleMs = keepAliveMs(headers, this.keepAliveTimeoutMs);
    const hasNone = status === 204 || status === 304;
    // With a body where none may be, it would be read as the next response. The answer to HEAD only tells of one.
    const isOdd = hasNone && method !== "HEAD" && announcesBody(headers);
    this.mayBeReused = this.idleMs > 0 && !this.isDoubtful && !isOdd;
    if (hasNone) return 1;
    if (method !== "HEAD") return 0;
    // A target that sends a body all the same would end it with the connection, as its head says.
    this.mayBeReused &&= this.length !== undefined || announcesBody(headers) || saysKeepAlive(headers);
    return 1;
  }
}
