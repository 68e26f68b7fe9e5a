import { createHash } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import type { Route } from "../faults/faults.ts";
import type { RootField } from "./root-fields.ts";

/** What was asked and how it was answered. Tokens are kept as SHA-256 only. */
export interface JournalEntry {
  time: string;
  /** `token` is the listener without client certificates. */
  listener: "token" | "mtls";
  route: Route;
  method: string;
  operations: string[];
  arguments: Record<string, unknown>[];
  /** Page asked for by the first root field, from 0. */
  pageIndex: number;
  headers: Record<string, string>;
  /** SHA-256 of the client's certificate, lower-case hex. */
  certificate: string | undefined;
  /** How many certificates the client sent. */
  chainLength: number;
  /** Undefined where the connection was broken. */
  status: number | undefined;
  /** The first error of the answer. */
  error: string | undefined;
  faulty: boolean;
}

export interface Journal {
  readonly entries: readonly JournalEntry[];
  /** How many there ever were. */
  readonly total: number;
  record(entry: JournalEntry): void;
  clear(): void;
  /** Calls back with every entry as it is made; ends with the returned function. */
  onEntry(listener: (entry: JournalEntry) => void): () => void;
}

const limit = 20_000;

export function createJournal(): Journal {
  let entries: JournalEntry[] = [];
  let total = 0;
  const listeners = new Set<(entry: JournalEntry) => void>();
  return {
    get entries() {
      return entries;
    },
    get total() {
      return total;
    },
    record(entry) {
      total += 1;
      entries.push(entry);
      if (entries.length > limit) entries = entries.slice(limit / 10);
      for (const listener of listeners) listener(entry);
    },
    clear() {
      entries = [];
      total = 0;
    },
    onEntry(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

const secret = new Set(["connector-token", "authorization", "cookie"]);

export function headersForJournal(headers: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => {
      const text = Array.isArray(value) ? value.join(", ") : (value ?? "");
      return [name, secret.has(name) ? sha256(text) : text];
    }),
  );
}

const sha256 = (text: string): string => `sha256:${createHash("sha256").update(text).digest("hex")}`;

export const operationsOf = (
  fields: readonly RootField[],
): Pick<JournalEntry, "operations" | "arguments" | "pageIndex"> => ({
  operations: fields.map(({ name }) => name),
  arguments: fields.map((field) => field.arguments),
  pageIndex: fields[0]?.pageIndex ?? 0,
});
