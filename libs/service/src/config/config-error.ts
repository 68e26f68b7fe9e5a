/** Everything that is wrong with how a program was called. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly expected = true;
  readonly mistakes: readonly string[];
  /** Whether a flag is unknown or cannot be read, as opposed to a value that was read and refused. */
  readonly usage: boolean;

  constructor(mistakes: readonly string[], options: ErrorOptions & { usage?: boolean } = {}) {
    super(mistakes.join("\n"), options);
    this.mistakes = mistakes;
    this.usage = options.usage ?? false;
  }
}

/** Thrown by `loadConfig` when the command line asks for help. */
export class HelpRequested extends Error {
  override readonly name = "HelpRequested";
}
