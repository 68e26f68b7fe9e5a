import { type KeyObject, randomUUID } from "node:crypto";
import { SignedXml } from "xml-crypto";

/** What a SAML 2.0 bearer assertion says of a user (RFC 7522, section 3). */
export interface SamlStatement {
  readonly issuer: string;
  readonly audience: string;
  readonly recipient: string;
  readonly nameId: string;
  readonly nameIdFormat: string;
  readonly authnContext: string;
}

export interface SamlSigner {
  /** RSA. */
  readonly key: KeyObject;
  /** PEM; told to whoever checks it. */
  readonly certificate: string | undefined;
}

const beforeMs = 5 * 60_000;
const afterMs = 10 * 60_000;
const xmldsig = "http://www.w3.org/2000/09/xmldsig#";
const exclusive = "http://www.w3.org/2001/10/xml-exc-c14n#";

/** A signed assertion, for one use: XML with an enveloped signature. */
export function samlAssertion(statement: SamlStatement, { key, certificate }: SamlSigner): string {
  const signed = new SignedXml({
    privateKey: key,
    ...(certificate === undefined ? {} : { publicCert: certificate }),
    signatureAlgorithm: "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
    canonicalizationAlgorithm: exclusive,
    ...(certificate === undefined ? { getKeyInfoContent: () => null } : {}),
  });
  signed.addReference({
    xpath: "/*",
    digestAlgorithm: "http://www.w3.org/2001/04/xmlenc#sha256",
    transforms: [`${xmldsig}enveloped-signature`, exclusive],
  });
  // The schema has its place behind the issuer.
  signed.computeSignature(xmlOf(statement, Date.now()), { location: { reference: "/*/*[1]", action: "after" } });
  return signed.getSignedXml();
}

function xmlOf(statement: SamlStatement, nowMs: number): string {
  const { issuer, audience, recipient, nameId, nameIdFormat, authnContext } = statement;
  const time = (ms: number): string => new Date(ms).toISOString();
  const [now, from, until] = [time(nowMs), time(nowMs - beforeMs), time(nowMs + afterMs)];
  const confirmed = `NotOnOrAfter="${until}" Recipient="${escapeXml(recipient)}"`;
  return [
    `<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_${randomUUID()}" IssueInstant="${now}" Version="2.0">`,
    `<saml:Issuer>${escapeXml(issuer)}</saml:Issuer>`,
    `<saml:Subject><saml:NameID Format="${escapeXml(nameIdFormat)}">${escapeXml(nameId)}</saml:NameID>`,
    '<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">',
    `<saml:SubjectConfirmationData ${confirmed}/></saml:SubjectConfirmation></saml:Subject>`,
    `<saml:Conditions NotBefore="${from}" NotOnOrAfter="${until}"><saml:AudienceRestriction>`,
    `<saml:Audience>${escapeXml(audience)}</saml:Audience></saml:AudienceRestriction></saml:Conditions>`,
    `<saml:AuthnStatement AuthnInstant="${now}"><saml:AuthnContext>`,
    `<saml:AuthnContextClassRef>${escapeXml(authnContext)}</saml:AuthnContextClassRef>`,
    "</saml:AuthnContext></saml:AuthnStatement></saml:Assertion>",
  ].join("");
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? "");
}
