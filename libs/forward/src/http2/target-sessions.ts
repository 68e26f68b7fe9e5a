import type { Socket } from "node:net";
import { TargetSession, type TargetSessionOptions } from "./target-session.ts";

/** The HTTP/2 connections of one target, and what is known of the protocols that it speaks. */
export class TargetSessions {
  /** Of the last connection that was opened. */
  protocol: "unknown" | "http/1.1" | "h2" = "unknown";
  /** The target has said that it wants HTTP/1.1 where HTTP/2 was agreed on (RFC 9113, 7). */
  isRefused = false;
  private readonly options: Omit<TargetSessionOptions, "onChange">;
  private readonly onRoom: () => void;
  private readonly sessions: TargetSession[] = [];
  private opening: object | undefined = undefined;

  constructor(options: Omit<TargetSessionOptions, "onChange">, onRoom: () => void) {
    this.options = options;
    this.onRoom = onRoom;
  }

  /** What to offer in a handshake, the first wanted most. */
  get protocols(): readonly string[] {
    return this.isRefused ? ["http/1.1"] : ["h2", "http/1.1"];
  }

  /** One that takes a request. */
  pick(): TargetSession | undefined {
    return this.sessions.find((session) => session.hasRoom);
  }

  /** A connection is being opened, and what comes of it decides how the next request goes. */
  get isOpening(): boolean {
    if (this.protocol === "http/1.1") return false;
    return this.opening !== undefined || this.sessions.some(({ isNew }) => isNew);
  }

  /** `place` is where a connection is being opened, until it has come to something. */
  opens(place: object): void {
    this.opening = place;
  }

  opened(place: object): void {
    if (this.opening === place) this.opening = undefined;
  }

  add(socket: Socket): void {
    this.protocol = "h2";
    const onChange = (session: TargetSession): void => {
      const at = session.isOpen ? -1 : this.sessions.indexOf(session);
      if (at >= 0) this.sessions.splice(at, 1);
      this.onRoom();
    };
    this.sessions.push(new TargetSession(socket, { ...this.options, onChange }));
  }

  retire(): void {
    for (const session of [...this.sessions]) session.retire();
  }

  destroy(): void {
    for (const session of [...this.sessions]) session.destroy();
  }
}
