import { createHash, timingSafeEqual } from "node:crypto";
import { type Exchange, sendJson } from "../exchange.ts";
import type { Guard } from "./guard.ts";

export interface BasicCredential {
  username: string;
  password: string;
}

/** 401 without exactly this credential. */
export function basicGuard(credential: BasicCredential): Guard {
  const expected = `Basic ${Buffer.from(`${credential.username}:${credential.password}`).toString("base64")}`;
  return ({ received, response }) => {
    const given = headerOf(received, "authorization");
    if (given !== undefined && sameText(given, expected)) return false;
    sendJson(response, 401, { error: "basic credentials are missing or wrong" }, [
      "www-authenticate",
      'Basic realm="shop"',
    ]);
    return true;
  };
}

export function headerOf(received: Exchange["received"], lowerName: string): string | undefined {
  return headersOf(received, lowerName)[0];
}

export function headersOf({ headers }: Exchange["received"], lowerName: string): string[] {
  return headers.filter(([name]) => name.toLowerCase() === lowerName).map(([, value]) => value);
}

/** Compared as digests, so that no time tells how much of it is right. */
export function sameText(left: string, right: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(left), digest(right));
}
