import { X509Certificate } from "node:crypto";
import { DOMParser, type Element } from "@xmldom/xmldom";
import { SignedXml } from "xml-crypto";
import { OAuthError } from "./oauth-error.ts";

/** Who may vouch for users, and with which certificate (PEM) it signs. */
export interface SamlIssuer {
  readonly issuer: string;
  readonly certificate: string;
}

/** Checks SAML 2.0 bearer assertions (RFC 7522, section 3). */
export interface SamlAuthorities {
  /** The name of the user, or an `OAuthError`. `audiences` are the names of the server itself. */
  subjectOf(encoded: string, audiences: readonly string[]): string;
}

const saml = "urn:oasis:names:tc:SAML:2.0:assertion";
const dsig = "http://www.w3.org/2000/09/xmldsig#";
const bearer = "urn:oasis:names:tc:SAML:2.0:cm:bearer";
const rememberedIds = 10_000;

export function createSamlAuthorities(issuers: readonly SamlIssuer[]): SamlAuthorities {
  const used = new Set<string>();
  return {
    subjectOf(encoded, audiences) {
      const xml = decode(encoded);
      const root = parse(xml);
      const issuer = textOf(root, "Issuer");
      const trusted = issuers.find((candidate) => candidate.issuer === issuer);
      if (trusted === undefined) throw refusal("its issuer is not known");
      // From here on only what was signed is looked at.
      const assertion = parse(signedPart(xml, root, trusted.certificate));
      if (textOf(assertion, "Issuer") !== issuer) throw refusal("another issuer was signed");
      checkConditions(assertion, audiences);
      checkConfirmation(assertion, audiences);
      const id = assertion.getAttribute("ID") ?? "";
      if (used.has(id)) throw refusal("it was used before");
      used.add(id);
      const [oldest] = used;
      if (used.size > rememberedIds && oldest !== undefined) used.delete(oldest);
      const name = textOf(only(assertion, "Subject"), "NameID");
      if (name === "") throw refusal("it names nobody");
      return name;
    },
  };
}

/** RFC 7522, section 2.1: base64url, which this server takes at its word. */
function decode(encoded: string): string {
  if (!/^[\w-]+={0,2}$/.test(encoded)) throw refusal("it is no base64url");
  return Buffer.from(encoded, "base64url").toString("utf8");
}

function parse(xml: string): Element {
  if (/<!DOCTYPE|<!ENTITY/i.test(xml)) throw refusal("it has a document type");
  try {
    const root = new DOMParser({ onError: stop }).parseFromString(xml, "text/xml").documentElement;
    if (root?.namespaceURI === saml && root.localName === "Assertion") return root;
  } catch {
    throw refusal("it is no XML");
  }
  throw refusal("it is no assertion");
}

function stop(): never {
  throw new Error("not well-formed");
}

function signedPart(xml: string, root: Element, certificate: string): string {
  const signatures = [...root.childNodes].filter(
    (node) => node.namespaceURI === dsig && node.localName === "Signature",
  );
  const [signature] = signatures;
  if (signature === undefined || signatures.length !== 1) throw refusal("it is not signed once");
  const verifier = new SignedXml({ publicCert: new X509Certificate(certificate).toString() });
  try {
    verifier.loadSignature(signature.toString());
    if (!verifier.checkSignature(xml)) throw new Error("wrong");
  } catch {
    throw refusal("its signature is wrong");
  }
  const [reference, ...others] = verifier.getSignedReferences();
  if (reference === undefined || others.length > 0) throw refusal("something else was signed");
  if (!/rsa-sha(256|384|512)$|ecdsa-sha256$/.test(verifier.signatureAlgorithm ?? ""))
    throw refusal("its algorithm is too weak");
  return reference;
}

function checkConditions(assertion: Element, audiences: readonly string[]): void {
  const conditions = only(assertion, "Conditions");
  checkTime(conditions, true);
  if (!audiences.includes(textOf(only(conditions, "AudienceRestriction"), "Audience"))) {
    throw refusal("it is for another audience");
  }
}

function checkConfirmation(assertion: Element, recipients: readonly string[]): void {
  const confirmation = only(only(assertion, "Subject"), "SubjectConfirmation");
  if (confirmation.getAttribute("Method") !== bearer) throw refusal("its bearer may not use it");
  const confirmed = only(confirmation, "SubjectConfirmationData");
  checkTime(confirmed, true);
  if (!recipients.includes(confirmed.getAttribute("Recipient") ?? "")) throw refusal("it is for another recipient");
}

function checkTime(element: Element, mustEnd: boolean): void {
  const from = Date.parse(element.getAttribute("NotBefore") ?? "");
  const until = Date.parse(element.getAttribute("NotOnOrAfter") ?? "");
  if (from > Date.now()) throw refusal("it is not valid yet");
  if (until <= Date.now() || (mustEnd && Number.isNaN(until))) throw refusal("it is not valid any more");
}

function only(parent: Element, name: string): Element {
  const found = [...parent.childNodes].filter((node) => node.namespaceURI === saml && node.localName === name);
  if (found.length !== 1) throw refusal(`it has not exactly one ${name}`);
  return found[0] as Element;
}

function textOf(parent: Element, name: string): string {
  return only(parent, name).textContent ?? "";
}

function refusal(why: string): OAuthError {
  return new OAuthError("invalid_grant", `the assertion is refused: ${why}`);
}
