import type { StatedCondition } from "@application-connector/kube";
import type { Mistake, MistakeReason } from "../entries/mistake.ts";

/** An Application as its conditions see it. */
export interface ObservedApplication {
  readonly generation: number | undefined;
  /** What is wrong with it beside its APIs. */
  readonly mistakes: readonly Mistake[];
  /** In the order in which the Application lists them. */
  readonly apis: readonly ObservedApi[];
}

export interface ObservedApi {
  /** `/{service}[/{entry}]`, as calls name it. */
  readonly path: string;
  readonly callable: boolean;
  readonly mistakes: readonly Mistake[];
  /** When its client certificate expires, in ms since the epoch. */
  readonly certificateExpiresAt?: number | undefined;
}

/** The conditions that the gateway answers for, in the order in which it writes them. */
export const conditionTypes = [
  "Ready",
  "CredentialsReady",
  "EndpointsValid",
  "NameConflict",
  "CertificateExpiring",
  "TLSVerificationDisabled",
  "SettingsValid",
] as const;

export type ConditionType = (typeof conditionTypes)[number];

/** Something that people should know of an Application, with the condition that shows it. */
export interface Finding {
  readonly condition: Exclude<ConditionType, "Ready">;
  readonly reason: MistakeReason | "CertificateExpiring" | "CertificateExpired";
  /** Of the API; empty for the Application as a whole. */
  readonly path: string;
  /** Begins with the path. */
  readonly message: string;
}

const conditionOf: Record<MistakeReason, Finding["condition"]> = {
  NameUnaddressable: "NameConflict",
  NameAmbiguous: "NameConflict",
  SecretNotFound: "CredentialsReady",
  SecretInvalid: "CredentialsReady",
  CertificateInvalid: "CredentialsReady",
  TargetUrlInvalid: "EndpointsValid",
  TargetForbidden: "EndpointsValid",
  PreparationFailed: "EndpointsValid",
  TlsNotVerified: "TLSVerificationDisabled",
  SecretPartIgnored: "SettingsValid",
  AnnotationInvalid: "SettingsValid",
  CallersUnknown: "SettingsValid",
};

/** All there is to say about an Application. Equal for every replica that knows the same. */
export function findingsOf({ mistakes, apis }: ObservedApplication, now: number, warnBeforeMs: number): Finding[] {
  const all = apis.flatMap(({ path, mistakes: own, certificateExpiresAt }) => [
    ...own.map((mistake) => findingOf(mistake, path)),
    ...expiryOf(path, certificateExpiresAt, now, warnBeforeMs),
  ]);
  const whole = [...mistakes.map((mistake) => findingOf(mistake, "")), ...all];
  // Two APIs that clash may have the same path, and with it the same text.
  return [...new Map(whole.map((finding) => [`${finding.reason} ${finding.message}`, finding])).values()];
}

function findingOf({ reason, message }: Mistake, path: string): Finding {
  return { condition: conditionOf[reason], reason, path, message: path === "" ? message : `${path}: ${message}` };
}

function expiryOf(path: string, expiresAt: number | undefined, now: number, warnBeforeMs: number): Finding[] {
  if (expiresAt === undefined || expiresAt - now > warnBeforeMs) return [];
  const at = new Date(expiresAt).toISOString();
  const [reason, verb] =
    expiresAt <= now ? (["CertificateExpired", "expired"] as const) : (["CertificateExpiring", "expires"] as const);
  const message = `${path}: the client certificate ${verb} on ${at}`;
  return [{ condition: "CertificateExpiring", reason, path, message }];
}

/** What a condition says when there is nothing to say. */
const fine: Record<Finding["condition"], readonly [status: "True" | "False", reason: string, message: string]> = {
  CredentialsReady: ["True", "CredentialsUsable", "Every Secret that an API names is there and can be used"],
  EndpointsValid: ["True", "EndpointsUsable", "Every API has a target that can be called"],
  NameConflict: ["False", "NamesUnique", "Every API has a path of its own"],
  CertificateExpiring: ["False", "CertificatesValid", "No client certificate expires soon"],
  TLSVerificationDisabled: ["False", "TlsVerified", "Targets and token servers have to prove who they are"],
  SettingsValid: ["True", "SettingsUnderstood", "Every annotation for the gateway is understood"],
};

/** The conditions of an Application. `findings` are its own. */
export function conditionsOf(
  { generation, apis }: ObservedApplication,
  findings: readonly Finding[],
): StatedCondition[] {
  const observed = generation === undefined ? {} : { observedGeneration: generation };
  const others = conditionTypes.slice(1) as Finding["condition"][];
  return [
    { type: "Ready", ...ready(apis, findings), ...observed },
    ...others.map((type): StatedCondition => {
      const own = findings.filter(({ condition }) => condition === type);
      const [status, reason, message] = fine[type];
      const [first] = own;
      if (first === undefined) return { type, status, reason, message, ...observed };
      return { type, status: opposite(status), reason: first.reason, message: listed(own), ...observed };
    }),
  ];
}

function ready(
  apis: readonly ObservedApi[],
  findings: readonly Finding[],
): Pick<StatedCondition, "status" | "reason" | "message"> {
  if (apis.length === 0) return { status: "True", reason: "NoApis", message: "The Application has no API to call" };
  const blocked = apis.filter(({ callable }) => !callable);
  if (blocked.length === 0) {
    return { status: "True", reason: "ApisCallable", message: `${count(apis.length, "API")} can be called` };
  }
  const paths = new Set(blocked.map(({ path }) => path));
  const why = findings.filter(({ path, condition }) => paths.has(path) && blocking.has(condition));
  return {
    status: "False",
    reason: blocked.length === apis.length ? "NoApiCallable" : "SomeApisNotCallable",
    message: `${blocked.length} of ${count(apis.length, "API")} can't be called: ${listed(why)}`,
  };
}

const blocking: ReadonlySet<ConditionType> = new Set(["CredentialsReady", "EndpointsValid", "NameConflict"]);

const mostListed = 5;
const longestListed = 300;

function listed(findings: readonly Finding[]): string {
  const shown = findings
    .slice(0, mostListed)
    .map(({ message }) => (message.length > longestListed ? `${message.slice(0, longestListed - 1)}…` : message));
  if (findings.length > mostListed) shown.push(`and ${findings.length - mostListed} more`);
  return shown.join("; ");
}

function count(size: number, what: string): string {
  return `${size} ${what}${size === 1 ? "" : "s"}`;
}

function opposite(status: "True" | "False"): "True" | "False" {
  return status === "True" ? "False" : "True";
}
