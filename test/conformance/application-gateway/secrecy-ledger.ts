/**
 * What a test file brought into play that is secret, and all that its gateways have said: logs of every level, answers of
 * their own, metrics, diagnosis, spans. When a world ends, nothing of the one may be in the other.
 */

/** What is shorter is in every text; what is made of it, such as a Basic header, is long enough. */
const shortest = 6;
/** Everybody may know these keys of a Secret. */
const publicKeys = new Set([
  ...["clientId", "crt", "ca", "keyId", "accessKeyId", "region", "service"],
  ...["userTokenJwksUrl", "userTokenIssuer", "userTokenAudience", "samlIssuer", "samlAudience", "requestedTokenType"],
  ...[
    "headerName",
    "headerPrefix",
    "signedBody",
    "signedComponents",
    "digestAlgorithm",
    "signingAlgorithm",
    "tokenAuthMethod",
  ],
]);

const secrets = new Map<string, string>();
let sayings: { readonly from: string; readonly text: () => string }[] = [];

export const ledger = {
  /** A text that nothing may show. Of one with several lines each line counts, of a key in PEM those of its body. */
  secret(text: string, what: string): void {
    for (const line of text.split(/[\r\n]+/)) {
      if (line.length >= shortest && !line.startsWith("-----")) secrets.set(line, what);
    }
  },

  /** All that a Secret holds, and what is made of it on the way. */
  data(name: string, data: Readonly<Record<string, string>>): void {
    for (const [key, text] of Object.entries(data)) {
      if (publicKeys.has(key)) continue;
      const what = `key '${key}' of secret '${name}'`;
      for (const leaf of leavesOf(text)) {
        this.secret(leaf, what);
        this.secret(Buffer.from(leaf).toString("base64"), `base64 of ${what}`);
      }
    }
    const { username = "", password = "", clientId = "", clientSecret = "" } = data;
    for (const [user, secret] of [
      [username, password],
      [clientId, clientSecret],
    ]) {
      if (secret) this.secret(Buffer.from(`${user}:${secret}`).toString("base64"), `Basic of secret '${name}'`);
    }
  },

  /** What a client sends to prove who it is. */
  headers(headers: readonly string[]): void {
    for (let i = 0; i < headers.length; i += 2) {
      const [name = "", value = ""] = headers.slice(i, i + 2);
      if (!/^(proxy-)?authorization$|^cookie$|token$/i.test(name)) continue;
      const parts = value.split(/[ ;]+/).filter((part) => !/^(Bearer|Basic)$/i.test(part));
      for (const part of parts) this.secret(part, `header '${name}' of a client`);
    }
  },

  /** Something that a gateway says, or will have said when the world ends. */
  said(from: string, text: string | (() => string)): void {
    sayings.push({ from, text: typeof text === "string" ? () => text : text });
  },

  forget(source: string): void {
    sayings = sayings.filter(({ from }) => from !== source);
  },

  /** Throws when something secret was said; tells where, and not what. */
  check(): void {
    const found = sayings.flatMap(({ from, text }) => {
      const all = text();
      return [...secrets].flatMap(([secret, what]) => {
        const at = all.indexOf(secret);
        if (at < 0) return [];
        const before = all
          .slice(Math.max(0, at - 120), at)
          .split("\n")
          .at(-1);
        return [`${what} is in ${from}, behind: ${before}`];
      });
    });
    if (found.length > 0) throw new Error(`something secret was said:\n${found.slice(0, 20).join("\n")}`);
  },

  get size(): { readonly secrets: number; readonly characters: number } {
    return { secrets: secrets.size, characters: sayings.reduce((sum, { text }) => sum + text().length, 0) };
  },
};

/** The texts inside of JSON, or the text itself. */
function leavesOf(text: string): string[] {
  try {
    const leaves: string[] = [];
    JSON.parse(text, (_, value) => {
      if (typeof value === "string") leaves.push(value);
      return value;
    });
    return leaves.length > 0 ? leaves : [text];
  } catch {
    return [text];
  }
}
