import { readFileSync } from "node:fs";
import {
  type Auth,
  type Authenticator,
  credsAuthenticator,
  nkeyAuthenticator,
  tokenAuthenticator,
  usernamePasswordAuthenticator,
} from "@nats-io/transport-node";
import type { NatsServers } from "./nats-servers.ts";

/** Who the validator is to NATS: by one of these at most, besides what the URL says; empty for those that do not count. */
export interface NatsLogin {
  /** A `.creds` file: a JWT and the seed of its key. */
  readonly credentialsFile: string;
  /** The seed of an nkey. */
  readonly nkeyFile: string;
  readonly tokenFile: string;
  readonly user: string;
  readonly passwordFile: string;
}

/**
 * What logs in, undefined when nobody asks for it. Files are read whenever it is asked; it throws when one of them cannot
 * be used, and says which without a word of what is in it.
 */
export function natsLogin(
  login: NatsLogin,
  url: Pick<NatsServers, "user" | "pass" | "token">,
): Authenticator | undefined {
  const { credentialsFile, nkeyFile, tokenFile, user, passwordFile } = login;
  if (credentialsFile !== "") return from(credentialsFile, "NATS credentials", credsAuthenticator);
  if (nkeyFile !== "") return from(nkeyFile, "seed of an nkey", (content) => nkeyAuthenticator(trimmed(content)));
  if (tokenFile !== "") return from(tokenFile, "token", (content) => tokenAuthenticator(trimmed(content).toString()));
  if (user !== "")
    return from(passwordFile, "password", (content) =>
      usernamePasswordAuthenticator(user, trimmed(content).toString()),
    );
  if (url.user !== undefined) return usernamePasswordAuthenticator(url.user, url.pass);
  return url.token === undefined ? undefined : tokenAuthenticator(url.token);
}

function from(file: string, what: string, authenticator: (content: Uint8Array) => Authenticator): Authenticator {
  return (nonce): Auth => {
    const content = readFileSync(file);
    try {
      return authenticator(content)(nonce);
    } catch {
      // The client's own message might quote what it could not read.
      throw new Error(`${file} holds no ${what}`);
    }
  };
}

/** Editors and `kubectl create secret --from-file` leave a line end behind. */
function trimmed(content: Uint8Array): Buffer {
  const text = Buffer.from(content).toString().trim();
  if (text === "") throw new Error("empty");
  return Buffer.from(text);
}
