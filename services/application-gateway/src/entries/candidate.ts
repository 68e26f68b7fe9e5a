import type { Application } from "@application-connector/crds";
import { AnnotationReader, type PlaceSettings } from "../settings/read-settings.ts";
import { normaliseName } from "./normalise-name.ts";

/** One `API` entry of an Application with all that decides how it is called: plain data, read once per change. */
export interface Candidate {
  readonly application: string;
  /** Of the Application: another one of the same name is another one. */
  readonly uid: string;
  readonly serviceId: string;
  readonly serviceName: string;
  readonly displayName: string;
  readonly entryName: string;
  /** The path segments that address it; empty when nothing can. */
  readonly serviceSegment: string;
  readonly entrySegment: string;
  readonly targetUrl: string;
  readonly skipVerify: boolean;
  readonly encodeUrl: boolean;
  /** Absent: the API is called without authentication. */
  readonly credentials?: { readonly type: string; readonly secretName: string; readonly tokenUrl: string };
  /** Where CSRF tokens come from; empty for none. */
  readonly csrfUrl: string;
  /** Empty for none. */
  readonly requestParametersSecret: string;
  /** What annotations say about it. */
  readonly settings: PlaceSettings;
}

export interface Candidates {
  readonly candidates: readonly Candidate[];
  /** What is wrong with annotations that are about none of them. */
  readonly strays: readonly string[];
}

/** The `API` entries of an Application, in its order. `Events` entries are none of the gateway's business. */
export function candidatesOf({ metadata, spec }: Application): Candidates {
  const annotations = new AnnotationReader(metadata.annotations);
  const candidates = (spec?.services ?? []).flatMap((service) =>
    (service.entries ?? [])
      .filter((entry) => entry.type === "API")
      .map((entry): Candidate => {
        const { type = "", secretName = "", authenticationUrl = "", csrfInfo } = entry.credentials ?? {};
        const csrfUrl = csrfInfo?.tokenEndpointURL ?? "";
        const isEmpty = type === "" && secretName === "" && authenticationUrl === "" && csrfUrl === "";
        const serviceSegment = normaliseName(service.displayName ?? "");
        const entrySegment = normaliseName(entry.name ?? "");
        return {
          application: metadata.name,
          uid: metadata.uid ?? "",
          serviceId: service.id ?? "",
          serviceName: service.name ?? "",
          displayName: service.displayName ?? "",
          entryName: entry.name ?? "",
          serviceSegment,
          entrySegment,
          targetUrl: entry.targetUrl ?? "",
          skipVerify: spec?.skipVerify === true,
          // The CRD's default, for objects that were stored before it had one.
          encodeUrl: spec?.encodeUrl !== false,
          ...(isEmpty ? {} : { credentials: { type, secretName, tokenUrl: authenticationUrl } }),
          csrfUrl,
          requestParametersSecret: entry.requestParametersSecretName ?? "",
          settings: annotations.read({ serviceSegment, entrySegment }),
        };
      }),
  );
  return { candidates, strays: annotations.strays() };
}

/** The names of the Secrets that calls of this entry need. */
export function secretsOf({ credentials, requestParametersSecret, settings }: Candidate): string[] {
  const names = [credentials?.secretName, requestParametersSecret, settings.values.caSecret];
  return [...new Set(names.filter((name) => name !== undefined && name !== ""))] as string[];
}
