import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { signAws, signingKeys } from "./aws-signature.ts";
import { callOf, credentialOf, prove } from "./test-world.ts";

const host = ["Host", "example.amazonaws.com"];
const date = ["X-Amz-Date", "20150830T123600Z"];
const unreserved = "-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const sessionToken =
  "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUuwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA==";
const vanilla = "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31";
const post = "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b";

interface Vector {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: readonly string[];
  readonly body?: string;
  readonly signature: string;
}

/** The test suite that AWS has published for Signature Version 4, by its names. Paths are byte strings. */
const vectors: Record<string, Vector> = {
  "get-header-key-duplicate": {
    headers: [...host, "My-Header1", "value2", "My-Header1", "value2", "My-Header1", "value1", ...date],
    signature: "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea",
  },
  "get-header-value-multiline": {
    headers: [...host, "My-Header1", "value1,value2,value3", ...date],
    signature: "ba17b383a53190154eb5fa66a1b836cc297cc0a3d70a5d00705980573d8ff790",
  },
  "get-header-value-order": {
    headers: [...host, ...["value4", "value1", "value3", "value2"].flatMap((value) => ["My-Header1", value]), ...date],
    signature: "08c7e5a9acfcfeb3ab6b2185e75ce8b1deb5e634ec47601a50643f830c755c01",
  },
  "get-header-value-trim": {
    headers: [...host, "My-Header1", " value1", "My-Header2", ' "a   b   c"', ...date],
    signature: "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736",
  },
  "get-unreserved": {
    path: `/${unreserved}`,
    signature: "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f",
  },
  "get-utf8": {
    path: Buffer.from("/ሴ").toString("latin1"),
    signature: "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85",
  },
  "get-vanilla": { signature: vanilla },
  "get-vanilla-empty-query-key": {
    path: "/?Param1=value1",
    signature: "a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb",
  },
  "get-vanilla-query": { path: "/?", signature: vanilla },
  "get-vanilla-query-order-key-case": {
    path: "/?Param2=value2&Param1=value1",
    signature: "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
  },
  "get-vanilla-query-unreserved": {
    path: `/?${unreserved}=${unreserved}`,
    signature: "9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197",
  },
  "get-vanilla-utf8-query": {
    path: Buffer.from("/?ሴ=bar").toString("latin1"),
    signature: "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04",
  },
  "get-relative": { path: "/example/..", signature: vanilla },
  "get-relative-relative": { path: "/example1/example2/../..", signature: vanilla },
  "get-slash": { path: "//", signature: vanilla },
  "get-slash-dot-slash": { path: "/./", signature: vanilla },
  "get-slash-pointless-dot": {
    path: "/./example",
    signature: "ef75d96142cf21edca26f06005da7988e4f8dc83a165a80865db7089db637ec5",
  },
  "get-slashes": {
    path: "//example//",
    signature: "9a624bd73a37c9a373b5312afbebe7a714a789de108f0bdfe846570885f57e84",
  },
  "get-space": {
    path: "/example space/",
    signature: "652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741",
  },
  "post-header-key-case": { method: "POST", headers: [...host, "X-AMZ-DATE", date[1] ?? ""], signature: post },
  "post-header-key-sort": {
    method: "POST",
    headers: [...date, "My-Header1", "value1", ...host],
    signature: "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c",
  },
  "post-header-value-case": {
    method: "POST",
    headers: [...host, "My-Header1", "VALUE1", ...date],
    signature: "cdbc9802e29d2942e5e10b5bccfdd67c5f22c7c4e8ae67b53629efa58b974b7d",
  },
  "post-sts-header-after": { method: "POST", signature: post },
  "post-sts-header-before": {
    method: "POST",
    headers: [...host, ...date, "X-Amz-Security-Token", sessionToken],
    signature: "85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead",
  },
  "post-vanilla": { method: "POST", signature: post },
  "post-vanilla-empty-query-value": {
    method: "POST",
    path: "/?Param1=value1",
    signature: "28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11",
  },
  "post-vanilla-query-nonunreserved": {
    method: "POST",
    path: '/?@#$%^=&%2B=/,?><`";:\\|][{}',
    signature: "66c82657c86e26fb25238d0e69f011edc4c6df5ae71119d7cb98ed9b87393c1e",
  },
  "post-vanilla-query-space": {
    method: "POST",
    path: "/?p",
    signature: "e71688addb58a26418614085fb730ba3faa623b461c17f48f2fbdb9361b94a9b",
  },
  "post-x-www-form-urlencoded": {
    method: "POST",
    headers: ["Content-Type", "application/x-www-form-urlencoded", ...host, ...date],
    body: "Param1=value1",
    signature: "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a",
  },
  "post-x-www-form-urlencoded-parameters": {
    method: "POST",
    headers: ["Content-Type", "application/x-www-form-urlencoded; charset=utf8", ...host, ...date],
    body: "Param1=value1",
    signature: "1a72ec8f64bd914b0e42e42607c7fbce7fb2c7465f63e3092b3b0d39fa77a6fe",
  },
};

test.each(Object.entries(vectors))("the published vector %s", (_, { method = "GET", path = "/", ...vector }) => {
  const headers = [...(vector.headers ?? [...host, ...date])];
  const signed = [...new Set(headers.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase()))].sort();
  const scope = { region: "us-east-1", service: "service" };
  const authorization = signAws({
    call: { method, path, headers },
    scope,
    time: "20150830T123600Z",
    bodyHash: createHash("sha256")
      .update(vector.body ?? "")
      .digest("hex"),
    signed,
    accessKeyId: "AKIDEXAMPLE",
    keyOf: signingKeys(Buffer.from("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"), scope),
  });
  const credential = "Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request";
  expect(authorization).toBe(
    `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=${signed.join(";")}, Signature=${vector.signature}`,
  );
});

const data = { accessKeyId: "AKID", secretAccessKey: "a secret key", region: "eu-central-1", service: "execute-api" };

describe("AwsSigV4", () => {
  test("signs host, type and all that is AWS's, in place of what the client says of it", async () => {
    const headers = [
      "Host",
      "target",
      "Content-Type",
      "a/b",
      "X-Amz-Target",
      "t",
      "x-amz-date",
      "mine",
      "X-Other",
      "o",
    ];
    const credential = credentialOf("AwsSigV4", { ...data, sessionToken: "st" });
    const call = await prove(credential, { headers, body: Buffer.from("x") });
    const authorization = call.headers.at(-1);
    expect(authorization).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKID\/\d{8}\/eu-central-1\/execute-api\/aws4_request, SignedHeaders=content-type;host;x-amz-date;x-amz-security-token;x-amz-target, Signature=[0-9a-f]{64}$/,
    );
    const dates = call.headers.filter((_, index) => call.headers[index - 1]?.toLowerCase() === "x-amz-date");
    expect(dates).toEqual([expect.stringMatching(/^\d{8}T\d{6}Z$/)]);
    expect(credential.replaces).toContain("authorization");
    expect(credential.signsBody).toBe(true);
  });

  test.each([
    [{ service: "s3" }, createHash("sha256").update("x").digest("hex"), true],
    [{ service: "s3", signedBody: "never" }, "UNSIGNED-PAYLOAD", false],
    [{ signedBody: "never" }, "UNSIGNED-PAYLOAD", false],
  ])("tells the hash of the body with %j", async (more, hash, signsBody) => {
    const credential = credentialOf("AwsSigV4", { ...data, ...more });
    const { headers } = await prove(credential, { headers: ["Host", "t"], body: Buffer.from("x") });
    expect(headers[headers.indexOf("X-Amz-Content-Sha256") + 1]).toBe(hash);
    expect(credential.signsBody).toBe(signsBody);
  });

  test("signs paths of S3 as they are, and those of others encoded once more", () => {
    const signatureOf = (service: string, path: string): string => {
      const scope = { region: "r", service };
      const keyOf = signingKeys(Buffer.from("k"), scope);
      const common = { scope, time: "20150830T123600Z", bodyHash: "", signed: [], accessKeyId: "a", keyOf };
      return signAws({ call: callOf({ path }), ...common });
    };
    expect(signatureOf("s3", "/a%20b")).toBe(signatureOf("s3", "/a b"));
    expect(signatureOf("s3", "/a//b")).not.toBe(signatureOf("s3", "/a/b"));
    expect(signatureOf("sqs", "/a%20b")).not.toBe(signatureOf("sqs", "/a b"));
  });

  test("signs every byte of a value but the blanks around it", () => {
    const signatureOf = (value: string): string => {
      const keyOf = signingKeys(Buffer.from("k"), data);
      const common = { scope: data, time: "20150830T123600Z", bodyHash: "", accessKeyId: "a", keyOf };
      return signAws({ call: callOf({ headers: ["X-Amz-Meta-A", value] }), signed: ["x-amz-meta-a"], ...common });
    };
    expect(signatureOf("\t voil\xc3\xa0 ")).toBe(signatureOf("voil\xc3\xa0"));
    expect(signatureOf("voil\xc3\xa0")).not.toBe(signatureOf("voil\xc3"));
  });

  test("signs as many headers as a client can send, each looked at once", async () => {
    // What was quadratic took a minute for these.
    const headers = Array.from({ length: 60_000 }, (_, nr) => (nr % 2 === 0 ? `x-amz-${100_000 + nr}` : ""));
    const call = await prove(credentialOf("AwsSigV4", data), { headers: ["Host", "target", ...headers] });
    expect(call.headers.at(-1)).toContain(";x-amz-100000;x-amz-100002;");
  });

  test.each([
    [{ region: "" }, "empty key 'region'"],
    [{ service: "S 3" }, "'service': must be a name as AWS has it"],
    [{ accessKeyId: "hid/den" }, "'accessKeyId': it is no access key id"],
    [{ secretAccessKey: "hidden\n" }, "'secretAccessKey': it ends with a line break"],
    [{ sessionToken: "hidden\n" }, "'sessionToken': it ends with a line break"],
  ])("names a mistake in its Secret: %j", (more, named) => {
    const mistake = (): unknown => credentialOf("AwsSigV4", { ...data, ...more });
    expect(mistake).toThrow(expect.objectContaining({ status: 500, message: expect.stringContaining(named) }));
    expect(mistake).not.toThrow(/hidden/);
  });
});
