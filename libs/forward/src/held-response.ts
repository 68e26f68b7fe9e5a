import type { ClientSide } from "./client-side.ts";
import type { ForwardFailure, Resend } from "./door.ts";
import { failureOf } from "./failure.ts";
import { keep } from "./http1/read-buffer.ts";
import type { ResponseHead } from "./response-head.ts";
import type { TargetCall, TargetCallUser } from "./target-call.ts";

/** What is read of a response that nobody will see, so that its connection can be used again. */
const maxDiscardedBytes = 256 * 1024;
/** How long its end is awaited. */
const discardMs = 2_000;

/** The call that has second thoughts about its response. */
export interface HeldUser {
  /** It is passed on after all. */
  onResponseKept(held: HeldResponse): void;
  /** It is over and forgotten: the request goes out again. */
  onResponseReplaced(resend: Resend): void;
  /** Neither: nobody could say. */
  onResendFailed(error: unknown): void;
}

/** What is held back, and where it is from. */
export interface HeldParts {
  exchange: ClientSide;
  call: TargetCall;
  status: number;
  head: ResponseHead;
}

/** To whom it is passed on in the end. */
export interface PassUser extends Pick<TargetCallUser, "onResponseChunk" | "onResponseComplete" | "onCallFailed"> {
  /** May throw: the response can't be used. */
  pass(status: number, head: ResponseHead): void;
}

/** How a response ended that was held back, when it did. */
export type HeldEnd = { trailers: [string, string][] | undefined; failure?: undefined } | { failure: ForwardFailure };

/**
 * A response of which nothing was passed on yet, while its caller finds out whether a second try would get a better one.
 * Until then the target is paused; then the response is either passed on from its start, or read to its end within
 * bounds and thrown away.
 */
export class HeldResponse {
  private readonly exchange: ClientSide;
  private readonly call: TargetCall;
  private readonly status: number;
  private readonly head: ResponseHead;
  /** What came of the body although the target was paused: the rest of a read, or all of it when the target closed. */
  private readonly chunks: Buffer[] = [];
  private end: HeldEnd | undefined = undefined;
  private readonly user: HeldUser;
  private bytes = 0;
  private resend: Resend | undefined = undefined;
  private dropped = false;
  private discardedBy = Number.POSITIVE_INFINITY;

  constructor({ exchange, call, status, head }: HeldParts, decision: Promise<Resend | undefined>, user: HeldUser) {
    this.exchange = exchange;
    this.call = call;
    this.status = status;
    this.head = head;
    this.user = user;
    call.pause();
    decision.then(
      (resend) => this.decide(resend),
      (error: unknown) => {
        if (!this.dropped) user.onResendFailed(error);
      },
    );
  }

  /** Passes it on from its start, as far as it has come. */
  replay(user: PassUser): void {
    try {
      user.pass(this.status, this.head);
      for (const chunk of this.chunks) user.onResponseChunk(chunk);
    } catch (error) {
      user.onCallFailed(failureOf(error as Error));
      return;
    }
    if (this.end?.failure !== undefined) user.onCallFailed(this.end.failure);
    else if (this.end !== undefined) user.onResponseComplete(this.end.trailers);
  }

  onChunk(chunk: Buffer): void {
    this.bytes += chunk.length;
    if (this.resend === undefined) this.chunks.push(keep(chunk));
    if (this.bytes > maxDiscardedBytes) this.abandon();
  }

  onEnd(end: HeldEnd): void {
    this.end = end;
    if (this.resend !== undefined) this.replace(this.resend);
  }

  tick(now: number): void {
    if (now >= this.discardedBy) this.abandon();
  }

  /** Breaks its connection: the rest of it is not worth the wait. */
  private abandon(): void {
    const error = new Error("the rest of a response that is not passed on was not awaited");
    this.call.abort({ kind: "reset", error });
    this.onEnd({ failure: { kind: "reset" } });
  }

  /** The exchange is over, whatever is decided. */
  drop(): void {
    this.dropped = true;
  }

  private decide(resend: Resend | undefined): void {
    if (this.dropped) return;
    if (resend === undefined) {
      this.user.onResponseKept(this);
      return;
    }
    this.resend = resend;
    this.chunks.length = 0;
    if (this.end !== undefined) this.replace(resend);
    // A target that has not got the whole request may wait for the rest of it, and that is sent elsewhere now.
    else if (!this.call.isSent) this.abandon();
    else {
      this.discardedBy = this.exchange.after(discardMs);
      this.call.resume();
    }
  }

  private replace(resend: Resend): void {
    if (this.dropped) return;
    this.dropped = true;
    this.user.onResponseReplaced(resend);
  }
}
