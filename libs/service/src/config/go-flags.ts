/** The flags of a command line, read the way Go's flag package reads them, but with every mistake noted. */
export interface GivenFlags {
  flags: { name: string; text: string }[];
  mistakes: string[];
  /** What stands after the flags: upstream's programs ignore it, and so do we. */
  ignored: readonly string[];
  help: boolean;
}

type FlagKind = "boolean" | "valued" | undefined;

export function readFlags(argv: readonly string[], kindOf: (name: string) => FlagKind): GivenFlags {
  const given: GivenFlags = { flags: [], mistakes: [], ignored: [], help: false };
  let at = 0;
  for (; at < argv.length; at++) {
    const word = argv[at] ?? "";
    if (word.length < 2 || !word.startsWith("-")) break;
    if (word === "--") {
      at++;
      break;
    }
    const body = word.slice(word.startsWith("--") ? 2 : 1);
    if (body.startsWith("-") || body.startsWith("=")) {
      given.mistakes.push(`bad flag syntax: ${nameOnly(word)}`);
      continue;
    }
    const equals = body.indexOf("=");
    const name = equals < 0 ? body : body.slice(0, equals);
    const next = argv[at + 1];
    const kind = kindOf(name);
    if (kind === undefined) {
      if (name === "help" || name === "h") given.help = true;
      else given.mistakes.push(`flag provided but not defined: -${name}`);
      // So that the flags behind it are still read: what follows is most likely its value.
      if (equals < 0 && !given.help && next !== undefined && !next.startsWith("-")) at++;
    } else if (equals >= 0) given.flags.push({ name, text: body.slice(equals + 1) });
    else if (kind === "boolean") given.flags.push({ name, text: "true" });
    else if (next === undefined) given.mistakes.push(`flag needs an argument: -${name}`);
    else {
      given.flags.push({ name, text: next });
      at++;
    }
  }
  given.ignored = argv.slice(at);
  return given;
}

/** A word without its value, which might be a secret. */
function nameOnly(word: string): string {
  const equals = word.indexOf("=");
  return equals < 0 ? word : `${word.slice(0, equals)}=…`;
}
