import type { RawHeaders } from "../door.ts";
import type { OutgoingRequest, ResponseControl, ResponseSink } from "./exchange-with-target.ts";
import { type BodyRule, MessageParser, type MessageSink } from "./message-parser.ts";
import type { LongBody } from "./read-buffer.ts";
import { ResponseTerms } from "./response-terms.ts";
import { NotHttp } from "./target-errors.ts";

const none: string[] = [];

/** Reads the responses on one connection to a target: to each request any number of interim ones, and one that is final. */
export class ResponseReader implements MessageSink {
  /** Of the head that came last. */
  headers: string[] = none;
  trailers: RawHeaders = none;
  /** Something of the response to this request has come. */
  hasStarted = false;
  /** The final response has come, to its end. */
  hasEnded = false;
  readonly terms: ResponseTerms;
  private readonly parser: MessageParser;
  private readonly control: ResponseControl;
  private readonly longBody: LongBody;
  private sink: ResponseSink | undefined = undefined;
  private method = "";
  private mayUpgrade = false;
  private isStopped = false;

  constructor(control: ResponseControl, longBody: LongBody, maxHeaderBytes: number, keepAliveTimeoutMs: number) {
    this.control = control;
    this.longBody = longBody;
    this.parser = new MessageParser("response", this, maxHeaderBytes);
    this.terms = new ResponseTerms(keepAliveTimeoutMs);
  }

  /** What comes next is the response to this request. */
  begin(sink: ResponseSink, { method, upgrade }: OutgoingRequest): void {
    this.sink = sink;
    this.method = method;
    this.mayUpgrade = upgrade !== undefined;
    this.hasStarted = false;
    this.hasEnded = false;
    this.isStopped = false;
    this.terms.begin();
  }

  /** Says how many bytes were taken; fewer than all when the response has ended, is none, or when HTTP has. */
  read(bytes: Buffer): number {
    const { parser } = this;
    let taken = 0;
    do {
      taken += parser.execute(taken === 0 ? bytes : bytes.subarray(taken));
      // Of an interim response; the next one follows.
    } while (parser.stop === "message_end" && !this.hasEnded && !this.isStopped && taken < bytes.length);
    return taken;
  }

  /** What follows is another protocol. */
  get hasSwitched(): boolean {
    return this.parser.stop === "upgrade";
  }

  /** What was read is no response. */
  get problem(): Error | undefined {
    const { stop, errorCode, errorReason } = this.parser;
    return stop === "none" || stop === "message_end" ? undefined : new NotHttp(errorCode, errorReason);
  }

  /** The connection may serve another request, as far as the response says. */
  get mayBeReused(): boolean {
    return this.terms.mayBeReused && this.parser.keepAlive;
  }

  /**
   * Nothing more comes. True where that is the end of the response: a body may end with its connection (RFC 9112, 6.3), one
   * that was cut off may not.
   */
  finish(): boolean {
    if (!this.hasStarted || !this.parser.finish() || !this.hasEnded) return false;
    this.terms.mayBeReused = false;
    return true;
  }

  /** Nobody wants more of it than what is being read. */
  stop(): void {
    this.isStopped = true;
  }

  free(): void {
    this.parser.free();
  }

  onMessageBegin(): void {
    if (this.hasStarted) return;
    this.hasStarted = true;
    this.sink?.onResponseStarted();
  }

  onHead(parser: MessageParser): BodyRule {
    const { status, headers } = parser;
    this.headers = headers;
    if (status === 101) return this.onSwitch(parser.upgrade);
    try {
      this.sink?.onResponseStart(this.control, status);
    } catch (error) {
      this.control.abort(error as Error);
      return 1;
    }
    if (status < 200) {
      this.terms.interim(headers);
      return 1;
    }
    if (this.terms.final(this.method, status, headers) === 1) return 1;
    parser.bodyLeft = this.terms.length ?? 0;
    this.longBody.expect(this.terms.length);
    return 0;
  }

  /** Only to what was asked for, and only with both of its fields (RFC 9110, 7.8). */
  private onSwitch(isComplete: boolean): BodyRule {
    if (isComplete && this.mayUpgrade) return 2;
    this.control.abort(new NotHttp("HPE_UNEXPECTED_UPGRADE", "it switches protocols, and nobody asked for that"));
    return 1;
  }

  onBody(piece: Buffer): void {
    this.longBody.saw(piece.length);
    try {
      this.sink?.onResponseData(this.control, piece);
    } catch (error) {
      this.control.abort(error as Error);
    }
  }

  onMessageEnd(parser: MessageParser): void {
    if (parser.status < 200) return;
    this.trailers = parser.headers;
    this.hasEnded = true;
  }
}
