import type { Problem, ProblemCode } from "@application-connector/problem";

/** Why calls of an API fail, or what is odd about its configuration. Names no secret. */
export interface Mistake {
  /** One word for programs: the reason of Events, and what conditions are made of. */
  readonly reason: MistakeReason;
  /** For people: what is wrong, where, and by it the remedy. */
  readonly message: string;
}

export type MistakeReason =
  | "NameUnaddressable"
  | "NameAmbiguous"
  | "SecretNotFound"
  | "SecretInvalid"
  | "CertificateInvalid"
  | "TargetUrlInvalid"
  /** A header or query parameter of a Secret that is never sent. */
  | "SecretPartIgnored"
  /** An annotation whose value can't be read; its default applies. */
  | "AnnotationInvalid"
  /** Addresses, ports or schemes that the gateway may not call. */
  | "TargetForbidden"
  /** `skipVerify` is on. */
  | "TlsNotVerified"
  /** Callers are restricted, and there is no way to know them. */
  | "CallersUnknown"
  | "PreparationFailed";

const reasons: Partial<Record<ProblemCode, MistakeReason>> = {
  ENTRY_AMBIGUOUS: "NameAmbiguous",
  SECRET_NOT_FOUND: "SecretNotFound",
  SECRET_INVALID: "SecretInvalid",
  CERTIFICATE_INVALID: "CertificateInvalid",
  TARGET_URL_INVALID: "TargetUrlInvalid",
  TARGET_SCHEME_INVALID: "TargetUrlInvalid",
  TARGET_FORBIDDEN: "TargetForbidden",
};

/** The mistake behind a problem that every call is answered with. */
export function mistakeOf({ code, message }: Problem): Mistake {
  return { reason: reasons[code] ?? "PreparationFailed", message };
}
