/** Where to listen, as Go programs write it: `:8080`, `127.0.0.1:8080`, `[::1]:8080`. */
export interface BindAddress {
  /** Undefined for all interfaces. */
  readonly host: string | undefined;
  readonly port: number;
}

/** Undefined for a text that is none. `0` alone stands for not listening at all: the port is -1 then. */
export function parseBindAddress(text: string): BindAddress | undefined {
  if (text === "0") return { host: undefined, port: -1 };
  const [, bracketed, plain, digits] = /^(?:\[([^\]]+)\]|([^:]*)):(\d{1,5})$/.exec(text) ?? [];
  if (digits === undefined || Number(digits) > 65_535) return undefined;
  return { host: (bracketed ?? plain) || undefined, port: Number(digits) };
}
