/** What one proxy says of the peer it talked to. Texts are verbatim: without the enclosing quotes, escapes kept. */
export interface XfccElement {
  by: string[];
  hash?: string;
  cert?: string;
  chain?: string;
  subject?: string;
  uri: string[];
  dns: string[];
}

/** The header is not what Envoy writes. The message names the place, never the content: it may hold personal data. */
export class XfccError extends Error {
  override readonly name = "XfccError";
}

const MAX_ELEMENTS = 8;
const MAX_PAIRS = 64;
const QUOTE = 0x22;
const COMMA = 0x2c;
const SEMICOLON = 0x3b;
const EQUALS = 0x3d;
const BACKSLASH = 0x5c;

/**
 * Reads an `x-forwarded-client-cert` value in one pass. Everything Envoy does not write is an error, because
 * a URI or DNS name inside the header is text that the holder of a certificate chose.
 */
export function parseXfcc(value: string): XfccElement[] {
  const elements: XfccElement[] = [];
  let element: XfccElement = { by: [], uri: [], dns: [] };
  let pairs = 0;
  for (let at = 0; ; at++) {
    const equals = keyEnd(value, at);
    if (++pairs > MAX_PAIRS) throw new XfccError(`more than ${MAX_PAIRS} pairs`);
    const quoted = value.charCodeAt(equals + 1) === QUOTE;
    const end = quoted ? quotedEnd(value, equals + 2) : bareEnd(value, equals + 1);
    set(
      element,
      value.slice(at, equals),
      quoted ? value.slice(equals + 2, end - 1) : value.slice(equals + 1, end),
      quoted,
      at,
    );
    at = end;
    if (at < value.length) {
      const delimiter = value.charCodeAt(at);
      if (delimiter === SEMICOLON) continue;
      if (delimiter !== COMMA) throw new XfccError(`unexpected character after a value at offset ${at}`);
    }
    elements.push(element);
    if (elements.length > MAX_ELEMENTS) throw new XfccError(`more than ${MAX_ELEMENTS} elements`);
    if (at >= value.length) return elements;
    element = { by: [], uri: [], dns: [] };
  }
}

/** The position of the `=` that ends a key. No key is longer than `Subject`, which bounds the search. */
function keyEnd(value: string, start: number): number {
  const limit = Math.min(value.length, start + 8);
  for (let at = start; at < limit; at++) if (value.charCodeAt(at) === EQUALS) return at;
  throw new XfccError(`no key with '=' at offset ${start}`);
}

/** The position behind the closing quote; a backslash protects the next character. */
function quotedEnd(value: string, start: number): number {
  for (let at = start; at < value.length; at++) {
    let code = value.charCodeAt(at);
    if (code === QUOTE) return at + 1;
    if (code === BACKSLASH) code = value.charCodeAt(++at);
    // NaN, the character behind the end, fails this comparison as well.
    if (!(code >= 0x20 && code <= 0x7e)) break;
  }
  throw new XfccError(`unterminated quote or illegal character after offset ${start - 1}`);
}

function bareEnd(value: string, start: number): number {
  let at = start;
  for (; at < value.length; at++) {
    const code = value.charCodeAt(at);
    if (code === COMMA || code === SEMICOLON) break;
    if (code < 0x21 || code > 0x7e || code === QUOTE)
      throw new XfccError(`illegal character in a value at offset ${at}`);
  }
  return at;
}

/** Stores one pair. Cert, Chain and Subject must be quoted, and with Hash they may occur once. */
function set(element: XfccElement, key: string, text: string, quoted: boolean, at: number): void {
  switch (key.toLowerCase()) {
    case "by":
      element.by.push(text);
      return;
    case "uri":
      element.uri.push(text);
      return;
    case "dns":
      element.dns.push(text);
      return;
    case "hash":
      once("Hash", element.hash, at);
      element.hash = text;
      return;
    case "cert":
      onceQuoted("Cert", element.cert, quoted, at);
      element.cert = text;
      return;
    case "chain":
      onceQuoted("Chain", element.chain, quoted, at);
      element.chain = text;
      return;
    case "subject":
      onceQuoted("Subject", element.subject, quoted, at);
      element.subject = text;
      return;
    default:
      throw new XfccError(`unknown key at offset ${at}`);
  }
}

function onceQuoted(key: string, known: string | undefined, quoted: boolean, at: number): void {
  if (!quoted) throw new XfccError(`${key} without quotes at offset ${at}`);
  once(key, known, at);
}

// A second one can only come from a `;` inside a URI or DNS name of the certificate.
function once(key: string, known: string | undefined, at: number): void {
  if (known !== undefined) throw new XfccError(`${key} occurs twice in one element, at offset ${at}`);
}

/** Writes elements as Envoy does: pairs in its order, Cert, Chain and Subject quoted, nothing escaped. */
export function formatXfcc(elements: readonly XfccElement[]): string {
  return elements.map(formatElement).join(",");
}

function formatElement({ by, hash, cert, chain, subject, uri, dns }: XfccElement): string {
  const pairs = by.map((name) => `By=${name}`);
  if (hash !== undefined) pairs.push(`Hash=${hash}`);
  if (cert !== undefined) pairs.push(`Cert="${cert}"`);
  if (chain !== undefined) pairs.push(`Chain="${chain}"`);
  if (subject !== undefined) pairs.push(`Subject="${subject}"`);
  pairs.push(...uri.map((name) => `URI=${name}`), ...dns.map((name) => `DNS=${name}`));
  return pairs.join(";");
}
