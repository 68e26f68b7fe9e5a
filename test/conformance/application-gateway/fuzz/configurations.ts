import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { knownTypes } from "@application-connector/credentials";
import { ledger } from "../secrecy-ledger.ts";
import type { World } from "../world.ts";
import type { Random } from "./random.ts";

/** Few names, so that each is written over and over, and asked for while it changes. */
export const applications = Array.from({ length: 6 }, (_, index) => `fuzz-${index}`);
export const services = ["s", "orders", "My Orders (v2)", "x".repeat(70), "Ünïcode", "", "--a--b--", "constructor"];
const secrets = [...Array.from({ length: 6 }, (_, index) => `fuzz-secret-${index}`), "no-such-secret"];
const ed25519 = pemOf(generateKeyPairSync("ed25519").privateKey);
const rsa = pemOf(generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey);
const annotations = [
  "token-purge-codes",
  "token-eager-expiry",
  "response-timeout",
  "body-idle-timeout",
  "connect-timeout",
  "preserve-trailing-slash",
  "allow-dot-segments",
  "redirects",
  "rate-limit",
  "max-concurrent-calls",
  "circuit-failures",
  "retries",
  "ca-secret",
  "allowed-namespaces",
];

/** Routes of the external system that end by themselves, however they end. */
const routes = [
  "",
  "",
  "",
  "/base",
  "/base/?fixed=1",
  "/status/500",
  "/status/599",
  "/status/204",
  "/once/401/echo",
  "/once/403x2/echo",
  "/redirect?location=%2Fx",
  "/redirect?location=%3A%3Abad",
  "/chunked/5000",
  "/bytes/70000",
  "/trailers",
  "/early-hints",
  "/basic",
  "/oauth",
  "/signed",
  "/aws",
  "/csrf",
  "/broken/reset-before-head",
  "/broken/reset-mid-head",
  "/broken/garbage-head",
  "/broken/reset-mid-chunk",
  "/broken/short-content-length",
  "/broken/bad-chunk",
  "/broken/conflicting-content-length",
  "/broken/close-without-response",
  "/broken/until-close",
];

/** Writes, changes or takes away one object. What the API server refuses is no configuration. */
export function changeSomething(world: World, random: Random): void {
  try {
    if (random.chance(0.4)) changeSecret(world, random);
    else changeApplication(world, random);
  } catch {
    // A schema or a name that no API server takes.
  }
}

/** Takes away all that `changeSomething` may have written. */
export function removeAll(world: World): void {
  for (const name of applications) world.cluster.delete({ ...application, name });
  for (const name of secrets) world.cluster.delete({ ...secret, name });
}

const application = { apiVersion: "applicationconnector.kyma-project.io/v1alpha1", kind: "Application" };
const secret = { apiVersion: "v1", kind: "Secret", namespace: "kyma-system" };

function changeApplication(world: World, random: Random): void {
  const name = random.pick(applications);
  if (random.chance(0.1)) {
    world.cluster.delete({ ...application, name });
    return;
  }
  const settings = random.chance(0.3)
    ? { [random.pick(annotations)]: random.pick(["1s", "0", "true", "-1", "follow", "1/s", random.word(8)]) }
    : {};
  world.application(
    Array.from({ length: 1 + random.below(2) }, (_, index) => ({
      displayName: index === 0 && random.chance(0.8) ? "s" : random.pick(services),
      entries: Array.from({ length: 1 + random.below(2) }, () => entryFor(world, random)),
    })),
    { skipVerify: random.chance(0.5), ...(random.chance(0.5) ? { encodeUrl: random.chance(0.5) } : {}) },
    name,
    settings,
  );
}

function entryFor(world: World, random: Random) {
  const { target, idp } = world;
  const origin = random.pick([target.url, target.url, target.url, target.tlsUrl, target.mtlsUrl, "http://127.0.0.1:1"]);
  const targetUrl = random.chance(0.9) ? `${origin}${random.pick(routes)}` : random.word(random.below(20));
  const type = random.pick([...knownTypes, "Foo", ""]);
  const authenticationUrl = random.pick([idp.tokenUrl, idp.tlsTokenUrl, idp.mtlsTokenUrl, `${target.url}/echo`, "x"]);
  const csrfInfo = { tokenEndpointURL: random.pick([`${target.url}/csrf/token`, `${target.url}/status/404`, "::"]) };
  return {
    type: random.chance(0.9) ? ("API" as const) : ("Events" as const),
    name: random.pick(["e", "f", ""]),
    targetUrl,
    ...(random.chance(0.4)
      ? {
          credentials: {
            type,
            secretName: random.pick(secrets),
            ...(authenticationUrl === undefined ? {} : { authenticationUrl }),
            ...(random.chance(0.3) ? { csrfInfo } : {}),
          },
        }
      : {}),
    ...(random.chance(0.2) ? { requestParametersSecretName: random.pick(secrets) } : {}),
  };
}

function changeSecret(world: World, random: Random): void {
  const name = random.pick(secrets.slice(0, -1));
  if (random.chance(0.1)) {
    world.cluster.delete({ ...secret, name });
    return;
  }
  const values = {
    username: ["demo", "", random.bytes(5)],
    password: ["demo", random.bytes(20)],
    clientId: ["client", random.word(8)],
    clientSecret: ["client-secret", random.word(8)],
    crt: ["-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", random.bytes(30)],
    key: ["-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----", random.bytes(30)],
    headers: ['{"X-A":["1","2"]}', '{"X-A":"b"}', '{"Host":["evil"]}', "null", "", random.word(9)],
    token: ["a-token", "a\nb"],
    apiKey: ["a-key", ""],
    queryName: ["k", "ü", ""],
    headerName: ["Authorization", "X-Key", "Host", random.word(6)],
    hmacKey: ["a-shared-key", random.bytes(20)],
    signingKey: [ed25519, rsa, random.bytes(30)],
    signedBody: ["present", "always", "never", random.word(4)],
    signedComponents: ["@method @path", "date,@query", random.word(9)],
    accessKeyId: ["AKID", random.word(8)],
    secretAccessKey: ["an-access-key", random.bytes(9)],
    region: ["eu-central-1", random.word(4)],
    service: ["s3", "execute-api"],
    tokenAuthMethod: ["both", "basic", "post", "none", "private_key_jwt", "tls_client_auth"],
    refreshToken: ["a-refresh-token", random.bytes(9)],
    userTokenJwks: ['{"keys":[]}', '{"keys":[{"kty":"EC"}]}', random.word(9)],
    userTokenIssuer: ["https://idp"],
    userTokenAudience: ["gateway"],
    samlIssuer: ["https://gateway", random.bytes(5)],
    samlAudience: ["https://idp"],
    targetMtls: ["true", "false", random.word(4)],
    queryParameters: ['{"k":["v 1"]}', '{"__proto__":["q"]}', "[]", random.word(9)],
  };
  // Those that are not made up: whatever the run does, nobody may say one of them.
  ledger.data(name, Object.fromEntries(Object.entries(values).map(([key, [first = ""]]) => [key, first])));
  const kept = Object.entries(values).filter(() => random.chance(0.6));
  const data = Object.fromEntries(kept.map(([key, from]) => [key, base64(random.pick(from))]));
  world.cluster.delete({ ...secret, name });
  world.cluster.create({ apiVersion: "v1", kind: "Secret", metadata: { name, namespace: "kyma-system" }, data });
}

function base64(text: string): string {
  return Buffer.from(text, "latin1").toString("base64");
}

function pemOf(key: KeyObject): string {
  return key.export({ type: "pkcs8", format: "pem" }).toString();
}
