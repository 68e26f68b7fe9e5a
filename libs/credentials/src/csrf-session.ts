import type { Token } from "./token-cache.ts";

/** What a CSRF endpoint gives: a token, and the cookies of the session that it is valid in. */
export interface CsrfSession {
  readonly token: string;
  readonly cookies: readonly Cookie[];
}

export interface Cookie {
  readonly name: string;
  readonly value: string;
}

/** Life of a session whose cookies say nothing about it. */
const defaultLifeMs = 30 * 60_000;
const cookieName = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const cookieValue = /^[\x20-\x7e]*$/;
const printable = /^[\x21-\x7e]+$/;

/** How much memory it takes, in bytes. */
export function sizeOfSession({ token, cookies }: CsrfSession): number {
  return cookies.reduce((sum, { name, value }) => sum + name.length + value.length, token.length);
}

/** Undefined when the answer has no token. The session ends with the first of its cookies. */
export function readCsrfSession(
  token: string | string[] | undefined,
  setCookie: string | string[] | undefined,
  nowMs: number,
): Token<CsrfSession> | undefined {
  const [first] = [token].flat();
  if (first === undefined || !printable.test(first)) return undefined;
  const lines = [setCookie].flat().filter((line) => line !== undefined);
  const cookies = lines.map(readCookie).filter((cookie) => cookie !== undefined);
  const lives = lines.map((line) => lifeOf(line, nowMs)).filter((life) => life !== undefined);
  return { value: { token: first, cookies }, lifetimeMs: Math.min(defaultLifeMs, ...lives) };
}

function readCookie(line: string): Cookie | undefined {
  const [pair = ""] = line.split(";", 1);
  const equals = pair.indexOf("=");
  const name = pair.slice(0, Math.max(0, equals)).trim();
  const value = pair.slice(equals + 1).trim();
  // As upstream: what no request may carry is passed over, so that it does not spoil the rest.
  return cookieName.test(name) && cookieValue.test(value) ? { name, value } : undefined;
}

/** Undefined where the session has no end of its own, and for a cookie that is taken back, which says nothing of it. */
function lifeOf(line: string, nowMs: number): number | undefined {
  const maxAge = /;\s*max-age\s*=\s*(-?\d+)/i.exec(line)?.[1];
  const expires = Date.parse(/;\s*expires\s*=\s*([^;]+)/i.exec(line)?.[1] ?? "");
  // `Max-Age` wins over `Expires` (RFC 6265, 5.3).
  const life = maxAge === undefined ? expires - nowMs : Number(maxAge) * 1000;
  return life > 0 ? life : undefined;
}

/** Puts token and cookies on a request: the session's cookies first, then those of the client with other names. */
export function joinSession(headers: string[], { token, cookies }: CsrfSession): void {
  headers.push("X-CSRF-Token", token);
  if (cookies.length === 0) return;
  const names = new Set(cookies.map(({ name }) => name));
  const all = cookies.map(({ name, value }) => `${name}=${value}`);
  for (let i = headers.length - 2; i >= 0; i -= 2) {
    if ((headers[i] as string).toLowerCase() !== "cookie") continue;
    const [, value = ""] = headers.splice(i, 2);
    const others = value.split(";").map((pair) => pair.trim());
    all.push(...others.filter((pair) => pair !== "" && !names.has((pair.split("=", 1)[0] ?? "").trim())));
  }
  headers.push("Cookie", all.join("; "));
}
