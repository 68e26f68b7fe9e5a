import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { DOMParser } from "@xmldom/xmldom";
import type { JWTPayload } from "jose";
import { describe, expect, test } from "vitest";
import { SignedXml } from "xml-crypto";
import { as, client, issuer, jwks, userToken } from "./test-users.ts";
import { credentialOf, giveToken, prove, tokenServer } from "./test-world.ts";

const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });

describe("OAuthSamlBearer", () => {
  const data = {
    ...client,
    ...issuer,
    userTokenJwks: jwks,
    signingKey: pemOf(rsa.privateKey),
    samlIssuer: "https://gateway?a&b",
    samlAudience: "<audience>",
  };

  test.each([
    [{}, { sub: "ada" }, "ada"],
    [{ userIdSource: "user_name" }, { user_name: "a<d>&'a\" ü" }, "a<d>&'a\" ü"],
    [{ userIdSource: "ext.id" }, { ext: { id: "7" } }, "7"],
    [{ userIdSource: "ext.id" }, { "ext.id": "8", ext: { id: "7" } }, "8"],
    [{ nameIdFormat: "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress" }, { email: "a@b" }, "a@b"],
  ])("with %j vouches for the user of %j as %s", async (more, claims, name) => {
    const idp = await tokenServer();
    const credential = credentialOf("OAuthSamlBearer", { ...data, ...more }, { tokenUrl: `${idp.url}?a=b` });
    expect((await prove(credential, as(await userToken(claims)))).headers[1]).toBe("Bearer t");
    const [request] = idp.requests;
    expect(request?.form["grant_type"]).toBe("urn:ietf:params:oauth:grant-type:saml2-bearer");
    const xml = Buffer.from(request?.form["assertion"] ?? "", "base64url").toString();
    const assertion = verified(xml, rsa.publicKey.export({ type: "spki", format: "pem" }).toString());
    const textOf = (tag: string) => assertion.getElementsByTagName(`saml:${tag}`)[0]?.textContent;
    expect(textOf("NameID")).toBe(name);
    expect(textOf("Issuer")).toBe(data.samlIssuer);
    expect(textOf("Audience")).toBe(data.samlAudience);
    const confirmed = assertion.getElementsByTagName("saml:SubjectConfirmationData")[0];
    expect(confirmed?.getAttribute("Recipient")).toBe(idp.url);
    const untilMs = Date.parse(confirmed?.getAttribute("NotOnOrAfter") ?? "") - Date.now();
    expect(untilMs).toBeGreaterThan(9 * 60_000);
    expect(untilMs).toBeLessThan(11 * 60_000);
  });

  test.each([
    { sub: "" },
    { sub: "a\nb" },
    { sub: 7 },
    { sub: "x".repeat(257) },
    { sub: "\ud800" },
    { sub: undefined },
  ])("vouches for nobody with the claims %j", async (claims) => {
    const idp = await tokenServer();
    const credential = credentialOf("OAuthSamlBearer", data, { tokenUrl: idp.url });
    const token = await userToken(claims as JWTPayload);
    await expect(prove(credential, as(token))).rejects.toMatchObject({ code: "USER_TOKEN_REFUSED" });
    expect(idp.requests).toEqual([]);
  });

  test("never says the same twice, and nothing for a token that nobody vouches for", async () => {
    const idp = await tokenServer(giveToken("t", { expires_in: 0 }));
    const credential = credentialOf("OAuthSamlBearer", data, { tokenUrl: idp.url });
    const call = as(await userToken());
    await prove(credential, call);
    await prove(credential, call);
    const ids = idp.requests.map(({ form }) =>
      /ID="([^"]+)"/.exec(Buffer.from(form["assertion"] ?? "", "base64url").toString()),
    );
    expect(new Set(ids.map((found) => found?.[1])).size).toBe(2);
    await expect(prove(credential, as(await userToken({ aud: "x" })))).rejects.toMatchObject({ status: 401 });
    expect(idp.requests.length).toBe(2);
  });

  test.each([
    [{ userTokenJwks: "" }, "empty key 'userTokenJwks'"],
    [{ userTokenJwks: "", userTokenIssuer: "", userTokenAudience: "" }, "'userTokenJwksUrl': it, or 'userTokenJwks'"],
    [{ userTokenJwks: "{}" }, "'userTokenJwks': no JWK set"],
    [{ userTokenJwksUrl: "file:///hidden" }, "'userTokenJwksUrl': must be an http or https URL"],
    [{ userTokenIssuer: "" }, "empty key 'userTokenIssuer'"],
    [{ userTokenAudience: "" }, "empty key 'userTokenAudience'"],
    [{ signingKey: pemOf(generateKeyPairSync("ed25519").privateKey) }, "'signingKey': must be RSA"],
    [{ samlIssuer: "" }, "empty key 'samlIssuer'"],
    [{ samlAudience: "" }, "empty key 'samlAudience'"],
  ])("names a mistake in its Secret: %j", (more, named) => {
    const mistake = (): unknown => credentialOf("OAuthSamlBearer", { ...data, ...more });
    expect(mistake).toThrow(expect.objectContaining({ status: 500, message: expect.stringContaining(named) }));
    expect(mistake).not.toThrow(/hidden/);
  });
});

/** What was signed, and nothing else. */
function verified(xml: string, publicCert: string) {
  const verifier = new SignedXml({ publicCert });
  const document = new DOMParser().parseFromString(xml, "text/xml");
  const [signature] = document.getElementsByTagName("Signature");
  verifier.loadSignature(String(signature));
  expect(verifier.checkSignature(xml)).toBe(true);
  const [signed = ""] = verifier.getSignedReferences();
  return new DOMParser().parseFromString(signed, "text/xml");
}

function pemOf(key: KeyObject): string {
  return key.export({ type: "pkcs8", format: "pem" }).toString();
}
