import { nkeys } from "@nats-io/transport-node";

const { createAccount, createOperator, createUser } = nkeys;
type KeyPair = ReturnType<typeof createUser>;

/** A server's configuration for one operator with two accounts, and what lets a user of the second in. */
export interface Operated {
  readonly config: string;
  /** A `.creds` file of a new user. */
  credentials(): string;
}

/** What `nsc` would make: an operator, its system account and an account with JetStream. */
export function operated(): Operated {
  const [operator, system, account] = [createOperator(), createAccount(), createAccount()];
  const limits = { subs: -1, conn: -1, data: -1, payload: -1, imports: -1, exports: -1, wildcards: true };
  const stored = { mem_storage: -1, disk_storage: -1, streams: -1, consumer: -1 };
  const accountJwt = (of: KeyPair, more: object) =>
    signed(operator, of, { type: "account", limits: { ...limits, ...more } });
  const lines = [
    `operator: ${signed(operator, operator, { type: "operator" })}`,
    `system_account: ${system.getPublicKey()}`,
    "resolver: MEMORY",
    `resolver_preload: {`,
    `  ${system.getPublicKey()}: ${accountJwt(system, {})}`,
    `  ${account.getPublicKey()}: ${accountJwt(account, stored)}`,
    "}",
  ];
  return {
    config: lines.join("\n"),
    credentials() {
      const user = createUser();
      const jwt = signed(account, user, { type: "user", subs: -1, data: -1, payload: -1 });
      const block = (what: string, content: string) => `-----BEGIN ${what}-----\n${content}\n------END ${what}------\n`;
      return block("NATS USER JWT", jwt) + block("USER NKEY SEED", Buffer.from(user.getSeed()).toString());
    },
  };
}

function signed(issuer: KeyPair, subject: KeyPair, nats: object): string {
  const part = (content: object) => Buffer.from(JSON.stringify(content)).toString("base64url");
  const claims = {
    jti: subject.getPublicKey(),
    iat: Math.floor(Date.now() / 1000),
    iss: issuer.getPublicKey(),
    name: "test",
    sub: subject.getPublicKey(),
    nats: { ...nats, version: 2 },
  };
  const text = `${part({ typ: "JWT", alg: "ed25519-nkey" })}.${part(claims)}`;
  return `${text}.${Buffer.from(issuer.sign(Buffer.from(text))).toString("base64url")}`;
}
