import { type Llhttp, loadLlhttp, ok } from "./llhttp.ts";

/** What llhttp calls while it reads for a parser; each says how to go on. */
export interface Callee {
  begin(): number;
  urlPiece(piece: string): number;
  namePiece(piece: string): number;
  valuePiece(piece: string): number;
  head(status: number, upgrade: boolean): number;
  body(chunk: Buffer, start: number, length: number): number;
  end(): number;
}

/** What one call of llhttp reads. */
interface Call {
  readonly callee: Callee;
  readonly chunk: Buffer;
  /** Where in the chunk the part begins that is read. */
  readonly start: number;
  /** The begin of the chunk, decoded. */
  readonly text: string;
  /** Where the part is in the module's memory. */
  readonly window: number;
}

/** Room for one call; longer chunks go in pieces. */
export const windowBytes = 64 * 1024;
const nothing = Buffer.alloc(0);

/**
 * The call that is under way. What a callee does may make another connection's bytes be read there and then: such a call
 * has a window of its own, and the outer one finds everything as it was.
 */
let current: Call;
let depth = 0;
const windows: number[] = [];

export const llhttp: Llhttp = loadLlhttp({
  wasm_on_message_begin: () => current.callee.begin(),
  wasm_on_url: (_, at, length) => current.callee.urlPiece(piece(at, length)),
  wasm_on_status: () => ok,
  wasm_on_header_field: (_, at, length) => current.callee.namePiece(piece(at, length)),
  wasm_on_header_value: (_, at, length) => current.callee.valuePiece(piece(at, length)),
  wasm_on_headers_complete: (_, status, upgrade) => current.callee.head(status, upgrade === 1),
  wasm_on_body: (_, at, length) => {
    const { callee, chunk, start, window } = current;
    return callee.body(chunk, at - window + start, length);
  },
  wasm_on_message_complete: () => current.callee.end(),
});
let memory = new Uint8Array(llhttp.memory.buffer);

/** Lets a parser read a part of a chunk, of which `text` is the begin. Returns llhttp's result. */
export function execute(callee: Callee, parser: number, part: Buffer, chunk: Buffer, start: number, text: string) {
  windows[depth] ??= llhttp.malloc(windowBytes);
  const window = windows[depth] as number;
  // Memory that has grown is another buffer, and of the one before nothing is left.
  if (memory.length === 0) memory = new Uint8Array(llhttp.memory.buffer);
  memory.set(part, window);
  return within({ callee, chunk, start, text, window }, parser, part.length);
}

/** Tells a parser that nothing more comes. */
export function finish(callee: Callee, parser: number): number {
  return within({ callee, chunk: nothing, start: 0, text: "", window: 0 }, parser, undefined);
}

function within(call: Call, parser: number, length: number | undefined): number {
  const outer = current;
  current = call;
  depth += 1;
  try {
    return length === undefined ? llhttp.llhttp_finish(parser) : llhttp.llhttp_execute(parser, call.window, length);
  } finally {
    depth -= 1;
    current = outer;
  }
}

/** How much of its part was read by a call that has stopped and returned just now. */
export function bytesRead(parser: number): number {
  return llhttp.llhttp_get_error_pos(parser) - (windows[depth] as number);
}

/** llhttp's own words about what is wrong. They hold nothing of what was read. */
export function reasonOf(parser: number): string {
  const at = llhttp.llhttp_get_error_reason(parser);
  if (at === 0) return "";
  const memory = Buffer.from(llhttp.memory.buffer);
  return memory.toString("latin1", at, memory.indexOf(0, at));
}

/** A piece of text out of the chunk, latin1: every byte one character, unchanged. */
function piece(at: number, length: number): string {
  const { chunk, text, window } = current;
  const start = at - window + current.start;
  const end = start + length;
  return end <= text.length ? text.slice(start, end) : chunk.toString("latin1", start, end);
}
