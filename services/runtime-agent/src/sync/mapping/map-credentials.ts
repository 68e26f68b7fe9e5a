import type { ApplicationCredentials } from "@application-connector/crds";
import type { DirectorBundle } from "@application-connector/ucl";
import { credentialsSecretName, parametersSecretName } from "../names/secret-name.ts";
import type { Problem } from "../problem.ts";
import type { DesiredSecret } from "./desired.ts";
import { goJson } from "./go-json.ts";

/** What a bundle's authentication becomes: the same for each of its APIs. */
export interface BundleCredentials {
  readonly credentials: ApplicationCredentials;
  readonly parametersSecret: string | undefined;
  readonly secrets: readonly DesiredSecret[];
  readonly keptSecrets: readonly string[];
  readonly problems: readonly Problem[];
}

export const noCredentials: ApplicationCredentials = { type: "", secretName: "" };

export function mapCredentials(application: string, bundle: DirectorBundle): BundleCredentials {
  const known = mapCredential(application, bundle);
  const parameters = mapParameters(application, bundle);
  return {
    ...known,
    secrets: [...known.secrets, ...(parameters ? [parameters] : [])],
    parametersSecret: parameters?.name,
  };
}

function mapCredential(application: string, bundle: DirectorBundle): Omit<BundleCredentials, "parametersSecret"> {
  const { id: bundleId, auth } = bundle;
  const credential = auth?.credential;
  const name = credentialsSecretName(application, bundleId);
  const csrf = auth?.csrfTokenUrl === undefined ? {} : { csrfInfo: { tokenEndpointURL: auth.csrfTokenUrl } };
  switch (credential?.kind) {
    case undefined:
      return { credentials: noCredentials, secrets: [], keptSecrets: [], problems: [] };
    case "basic": {
      const { username, password } = credential;
      return {
        credentials: { type: "Basic", secretName: name, ...csrf },
        ...stored(bundle, name, { username, password }),
      };
    }
    case "oauth": {
      const { clientId, clientSecret, url } = credential;
      return {
        credentials: { type: "OAuth", secretName: name, authenticationUrl: url, ...csrf },
        ...stored(bundle, name, { clientId, clientSecret }),
      };
    }
    case "certificate": {
      // What comes from UCL lacks the key, so that the gateway cannot use it: kept for who can, and said.
      const { clientId, certificate: crt } = credential;
      const message = `the bundle ${bundleId} has OAuth credentials with a certificate, which calls cannot use yet`;
      const kept = stored(bundle, name, { clientId, crt });
      return { credentials: noCredentials, ...kept, problems: [{ reason: "UnsupportedCredential", message }] };
    }
  }
}

/** Half of the credentials are none: then the Secret stays as it is. */
function stored(
  { id: bundleId }: DirectorBundle,
  name: string,
  data: Record<string, string>,
): Pick<BundleCredentials, "secrets" | "keptSecrets" | "problems"> {
  const empty = Object.keys(data).filter((key) => data[key] === "");
  if (empty.length === 0) return { secrets: [{ name, bundleId, data }], keptSecrets: [], problems: [] };
  const message = `the credentials of the bundle ${bundleId} have an empty ${empty.join(" and an empty ")}`;
  return { secrets: [], keptSecrets: [name], problems: [{ reason: "CredentialsIncomplete", message }] };
}

function mapParameters(application: string, { id: bundleId, auth }: DirectorBundle): DesiredSecret | undefined {
  const { headers, query } = auth ?? {};
  const isEmpty = [headers, query].every((lists) => Object.keys(lists ?? {}).length === 0);
  if (isEmpty) return undefined;
  return {
    name: parametersSecretName(application, bundleId),
    bundleId,
    data: {
      ...(headers === undefined ? {} : { headers: goJson(headers) }),
      ...(query === undefined ? {} : { queryParameters: goJson(query) }),
    },
  };
}
