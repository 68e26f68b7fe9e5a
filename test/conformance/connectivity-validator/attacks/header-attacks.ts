import { GW, gatewayElement } from "../certificates.ts";

/** What somebody has in hand who would like to be the victim. Certificates are no secrets: he has the victim's as well. */
export interface Hands {
  /** What the gateway says of the attacker. */
  readonly own: string;
  /** What it would say of the victim. */
  readonly victims: string;
  /** Digests of both certificates. */
  readonly hash: { readonly own: string; readonly victims: string };
}

/** A distorted header: the lines that arrive, as one who reaches the validator, or a careless proxy, would have them. */
export interface HeaderAttack {
  readonly title: string;
  readonly lines: (hands: Hands) => string[];
}

const attack = (title: string, lines: (hands: Hands) => string | string[]): HeaderAttack => ({
  title,
  lines: (hands) => [lines(hands)].flat(),
});
const certOf = (element: string): string => /;Cert="[^"]*"/.exec(element)?.[0] ?? "";
const named = (element: string, subject: string): string =>
  element.replace(/Subject="[^"]*"/, () => `Subject="${subject}"`);
const evil = gatewayElement.replace(/URI=.*$/, "URI=spiffe://cluster.local/ns/evil/sa/evil");

/** None of them may let the attacker act as the victim. */
export const headerAttacks: readonly HeaderAttack[] = [
  // Several elements, several lines.
  attack("the victim's element before the own one", ({ own, victims }) => `${victims},${own}${GW}`),
  attack("the victim's element behind the own one", ({ own, victims }) => `${own},${victims}`),
  attack("the victim's element behind the gateway", ({ own, victims }) => `${own}${GW},${victims}`),
  attack("the victim's element before a hop that is no gateway", ({ victims }) => `${victims},${evil}`),
  attack("the victim's element before a gateway of another cluster's name space", ({ victims }) => {
    return `${victims}${GW.replace("istio-system", "istio-system.evil")}`;
  }),
  attack("a gateway's URI with more behind it", ({ victims }) => `${victims}${GW}/evil`),
  attack("a gateway's URI with a trust domain of two segments", ({ victims }) => {
    return `${victims}${GW.replace(/URI=spiffe:\/\/cluster.local/, "URI=spiffe://evil/cluster.local")}`;
  }),
  attack("a gateway's URI besides another one", ({ victims }) => `${victims}${GW};URI=spiffe://evil`),
  attack(
    "a gateway's URI as By",
    ({ victims }) => `${victims},By=${gatewayElement.split("URI=")[1]};URI=spiffe://evil`,
  ),
  attack("a gateway with a Subject of its own", ({ victims }) => `${victims}${GW.replace('""', '"CN=victim"')}`),
  attack("nine elements", ({ victims }) => victims + GW.repeat(8)),
  attack("two lines, the own first", ({ own, victims }) => [own + GW, victims + GW]),
  attack("two lines, the victim's first", ({ own, victims }) => [victims + GW, own + GW]),
  attack("two lines that are the victim's, one element each", ({ victims }) => [victims, gatewayElement]),
  attack("an empty line before the victim's", ({ victims }) => ["", victims + GW, ""]),
  // Quoting.
  attack("a Subject inside a URI", ({ own }) => `${own}spiffe://a;Subject="CN=victim"${GW}`),
  attack("a Subject inside a DNS name", ({ own }) => `${own};DNS=a;Subject="CN=victim"${GW}`),
  attack("a Subject inside By", ({ own }) => `By=a;Subject="CN=victim";${own}${GW}`),
  attack("a whole element inside a URI", ({ own }) => `${own}a,Subject="CN=victim"${GW}`),
  attack("a Subject inside a quoted Cert", ({ own }) => {
    return `${own.replace(certOf(own), ';Cert="Subject=\\"CN=victim\\""')}${GW}`;
  }),
  attack("a Subject inside a quoted Chain", ({ own }) => `${own};Chain="Subject=\\"CN=victim\\""${GW}`),
  attack(
    "a quoted text that is closed too early",
    ({ own }) => `${named(own, 'CN=attacker,O=";Subject="CN=victim')}${GW}`,
  ),
  attack(
    "an escaped quote inside the Subject",
    ({ own }) => `${named(own, 'CN=attacker,O=\\"Subject=\\"CN=victim')}${GW}`,
  ),
  attack("an escaped backslash before the closing quote", ({ own }) => {
    return `${named(own, 'CN=attacker,O=\\\\";Subject="CN=victim')}${GW}`;
  }),
  attack("a Subject without quotes", ({ own }) => `${own.replace(/Subject="[^"]*"/, "Subject=CN=victim")}${GW}`),
  attack("a Subject in single quotes", ({ own }) => `${own.replace(/Subject="[^"]*"/, "Subject='CN=victim'")}${GW}`),
  attack("a Subject that never ends", ({ own }) => own.replace(/Subject=".*$/, 'Subject="CN=victim')),
  attack("a key that ends in Subject", ({ own }) => `XSubject="CN=victim";${own}${GW}`),
  attack("a second Subject", ({ own }) => `${own};Subject="CN=victim"${GW}`),
  attack("a second SUBJECT", ({ own }) => `SUBJECT="CN=victim";${own}${GW}`),
  attack("a key with a space", ({ own }) => `Subject ="CN=victim";${own}${GW}`),
  attack("a tab inside", ({ victims }) => `${victims.replace("Subject=", "Subject=\t")}${GW}`),
  attack("a NUL that the parser of HTTP may let pass", ({ victims }) => `${victims.replace('"CN', '"\0CN')}${GW}`),
  attack("a byte above ASCII", ({ victims }) => `${victims.replace("CN=victim", "CN=victim\u00ad")}${GW}`),
  attack("64 pairs and more", ({ victims }) => `${"DNS=a;".repeat(64)}${victims}${GW}`),
  attack("a pair that is empty", ({ victims }) => `${victims};${GW}`),
  attack("an element that is empty", ({ victims }) => `,${victims}${GW}`),
  // What the certificate proves.
  attack("the own certificate under the victim's Subject", ({ own }) => named(own, "CN=victim") + GW),
  attack("the own certificate and digest, the victim's Subject and name twice", ({ own }) => {
    return named(own, "CN=victim,O=attacker") + GW;
  }),
  attack("the victim's certificate with the own digest", ({ own, victims, hash }) => {
    return victims.replace(hash.victims, hash.own) + (own === victims ? "" : GW);
  }),
  attack("the victim's digest on the own certificate", ({ own, hash }) => own.replace(hash.own, hash.victims) + GW),
  attack("the victim's digest on the own certificate, under the victim's Subject", ({ own, hash }) => {
    return named(own.replace(hash.own, hash.victims), "CN=victim") + GW;
  }),
  attack("the victim's certificate under the own Subject and digest", ({ own, victims }) => {
    return own.replace(certOf(own), certOf(victims)) + GW;
  }),
  attack(
    "the victim's certificate and digest under the own Subject",
    ({ victims }) => named(victims, "CN=attacker") + GW,
  ),
  attack("two certificates in one Cert", ({ own, victims }) => {
    const both = certOf(victims).slice(0, -1) + certOf(own).slice(';Cert="'.length);
    return own.replace(certOf(own), both) + GW;
  }),
  attack("a Cert twice", ({ own, victims }) => own.replace(certOf(own), certOf(victims) + certOf(own)) + GW),
  attack("the victim's certificate as Chain", ({ own, victims }) => {
    return own.replace(certOf(own), certOf(own) + certOf(victims).replace("Cert", "Chain")) + GW;
  }),
  attack("a Cert of which every letter is escaped, of another name", ({ own }) => {
    return named(own.replace(certOf(own), certOf(own).replaceAll("M", "%4D")), "CN=victim") + GW;
  }),
];
