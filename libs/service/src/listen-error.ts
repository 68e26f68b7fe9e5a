/** Somebody else listens on the port. */
export class PortInUse extends Error {
  override readonly name = "PortInUse";
  readonly expected = true;
  readonly code = "EADDRINUSE";
  readonly port: number;

  constructor(port: number, flagName?: string, options?: ErrorOptions) {
    super(`port ${port} is in use${remedy(flagName)}`, options);
    this.port = port;
  }
}

/** The system does not let us listen there. */
export class ListenRefused extends Error {
  override readonly name = "ListenRefused";
  readonly expected = true;
  readonly port: number;

  constructor(port: number, reason: string, flagName?: string, options?: ErrorOptions) {
    super(`cannot listen on port ${port}: ${reason}${remedy(flagName)}`, options);
    this.port = port;
  }
}

/** A failed `listen` in words that name the remedy; what is no such failure comes back as it is. */
export function listenError(error: unknown, port: number, flagName?: string): unknown {
  if (error instanceof PortInUse || error instanceof ListenRefused) return error;
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  const options = { cause: error };
  if (code === "EADDRINUSE") return new PortInUse(port, flagName, options);
  if (code === "EACCES") return new ListenRefused(port, "this user may not open it", flagName, options);
  if (code === "EADDRNOTAVAIL") return new ListenRefused(port, "this machine has no such address", undefined, options);
  return error;
}

const remedy = (flagName: string | undefined): string =>
  flagName === undefined ? "" : `; give another with --${flagName}`;
