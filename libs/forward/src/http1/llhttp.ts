import { ERROR, METHODS } from "undici/lib/llhttp/constants.js";
import simd from "undici/lib/llhttp/llhttp_simd-wasm.js";
import portable from "undici/lib/llhttp/llhttp-wasm.js";

/** What the module calls while it parses: a parser, and for pieces of text where they begin and how long they are. */
export interface Callbacks {
  wasm_on_message_begin(parser: number): number;
  wasm_on_url(parser: number, at: number, length: number): number;
  wasm_on_status(parser: number, at: number, length: number): number;
  wasm_on_header_field(parser: number, at: number, length: number): number;
  wasm_on_header_value(parser: number, at: number, length: number): number;
  wasm_on_headers_complete(parser: number, status: number, upgrade: number, keepAlive: number): number;
  wasm_on_body(parser: number, at: number, length: number): number;
  wasm_on_message_complete(parser: number): number;
}

/** The functions of the module that are used here. */
export interface Llhttp {
  readonly memory: WebAssembly.Memory;
  malloc(size: number): number;
  llhttp_alloc(type: number): number;
  llhttp_free(parser: number): void;
  llhttp_resume(parser: number): void;
  llhttp_resume_after_upgrade(parser: number): void;
  llhttp_execute(parser: number, data: number, length: number): number;
  llhttp_finish(parser: number): number;
  llhttp_should_keep_alive(parser: number): number;
  llhttp_get_error_reason(parser: number): number;
  llhttp_get_error_pos(parser: number): number;
  llhttp_get_method(parser: number): number;
  llhttp_get_http_major(parser: number): number;
  llhttp_get_http_minor(parser: number): number;
}

const functions = [
  "malloc",
  "llhttp_alloc",
  "llhttp_free",
  "llhttp_resume",
  "llhttp_resume_after_upgrade",
  "llhttp_execute",
  "llhttp_finish",
  "llhttp_should_keep_alive",
  "llhttp_get_error_reason",
  "llhttp_get_error_pos",
  "llhttp_get_method",
  "llhttp_get_http_major",
  "llhttp_get_http_minor",
] as const satisfies readonly (keyof Llhttp)[];

/** The parser can't be used in this process. The first engine does not need it. */
export class ParserUnusable extends Error {
  override readonly name = "ParserUnusable";
}

/**
 * llhttp, the HTTP/1.1 parser of Node itself, as the WebAssembly module that undici ships (github.com/nodejs/llhttp, MIT).
 * Only this file knows where it comes from. It is internal to undici, so undici is pinned to one version, and what is
 * used of the module is checked here. No lenient flag is ever set: what llhttp refuses is refused.
 */
export function loadLlhttp(callbacks: Callbacks): Llhttp {
  let exports: Record<string, unknown>;
  try {
    const bytes = WebAssembly.validate(simd) ? simd : portable;
    exports = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { ...callbacks } }).exports;
  } catch (cause) {
    throw new ParserUnusable("undici's HTTP parser can't be loaded here; --engine=node does without it", { cause });
  }
  const missing: string[] = functions.filter((name) => typeof exports[name] !== "function");
  if (!(exports["memory"] instanceof WebAssembly.Memory)) missing.push("memory");
  if (missing.length === 0) return exports as unknown as Llhttp;
  throw new ParserUnusable(
    `undici's HTTP parser does not have ${missing.join(", ")}; install the pinned undici, or start with --engine=node`,
  );
}

/** Names by number: `GET`… */
export const methodNames = namesOf(METHODS);
/** Names by number, as Node gives them to the same errors: `HPE_INVALID_METHOD`… */
export const errorNames = namesOf(ERROR).map((name) => `HPE_${name}`);

/** Answers of callbacks, and results of `llhttp_execute`. */
export const ok = 0;
export const paused = ERROR["PAUSED"] as number;
export const pausedForUpgrade = ERROR["PAUSED_UPGRADE"] as number;
export const refused = -1;

function namesOf(numbers: Readonly<Record<string, number>>): readonly string[] {
  const names: string[] = [];
  for (const [name, number] of Object.entries(numbers)) names[number] = name;
  return names;
}
