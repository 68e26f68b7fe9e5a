import { createAuthority, type Issued, loadAuthority } from "@application-connector/x509";
import { clients } from "./doors.ts";

/** A certificate that should not count, though it bears the victim's name. */
export interface CertificateAttack {
  readonly title: string;
  readonly issue: () => Issued;
  /**
   * What a gateway in front would have found out in the handshake, and the header does not tell: `never`. `strict`: the
   * certificate in the header tells, to whom asks for one.
   */
  readonly byHeader: "never" | "strict";
}

const strangers = createAuthority({ subject: "CN=Client CA" });
const victim = { subject: "CN=victim", usage: ["client" as const] };
const day = 86_400_000;
const from = (days: number) => new Date(Date.now() + days * day);
const chained = (authority: ReturnType<typeof createAuthority>): Issued => {
  const { certificate, key } = authority.issue(victim);
  return { certificate: certificate + authority.chain, key };
};

export const certificateAttacks: readonly CertificateAttack[] = [
  { title: "of another authority of the same name", issue: () => strangers.issue(victim), byHeader: "never" },
  {
    title: "of an authority below a stranger",
    issue: () => chained(strangers.intermediate("CN=B")),
    byHeader: "never",
  },
  {
    title: "of a stranger, with the true root behind it",
    issue: () => {
      const { certificate, key } = strangers.issue(victim);
      return { certificate: certificate + clients.certificate, key };
    },
    byHeader: "never",
  },
  {
    title: "that the attacker's own certificate signed",
    issue: () => chained(loadAuthority(clients.issue({ subject: "CN=attacker", usage: ["client"] }))),
    byHeader: "never",
  },
  {
    title: "that signed itself",
    issue: () => createAuthority({ subject: "CN=victim" }),
    byHeader: "never",
  },
  {
    title: "that stands behind the attacker's own",
    issue: () => {
      const { certificate, key } = clients.issue({ subject: "CN=attacker", usage: ["client"] });
      return { certificate: certificate + clients.issue(victim).certificate, key };
    },
    byHeader: "strict",
  },
  {
    title: "that has expired",
    issue: () => clients.issue({ ...victim, notBefore: from(-2), notAfter: from(-1) }),
    byHeader: "strict",
  },
  {
    title: "that is not valid yet",
    issue: () => clients.issue({ ...victim, notBefore: from(1), notAfter: from(2) }),
    byHeader: "strict",
  },
  { title: "for servers", issue: () => clients.issue({ ...victim, usage: ["server"] }), byHeader: "never" },
  { title: "for mail", issue: () => clients.issue({ ...victim, usage: ["mail"] }), byHeader: "never" },
];
