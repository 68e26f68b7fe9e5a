import type { ApplicationEntry, ApplicationService } from "@application-connector/crds";
import type { DirectorApplication, DirectorBundle } from "@application-connector/ucl";
import { pathName, serviceName } from "../names/path-name.ts";
import { type DesiredApplication, fieldManager, formationsAnnotation, managedByLabel } from "./desired.ts";
import { type GatewayPaths, gatewayPaths, type PathConflictPolicy } from "./gateway-paths.ts";
import { type BundleCredentials, mapCredentials, noCredentials } from "./map-credentials.ts";
import { propagatedLabels } from "./propagated-labels.ts";

export interface MappingSettings {
  /** Begin of the URLs under which workloads call APIs. */
  readonly gatewayUrl: string;
  readonly pathConflicts: PathConflictPolicy;
  /** Keys of Director labels that become labels of the Application. */
  readonly propagateLabels: readonly string[];
}

const noDescription = "Description not provided";

/** An application of the Director as the cluster should have it, under a name that is settled. */
export function mapApplication(
  application: DirectorApplication,
  name: string,
  settings: MappingSettings,
): DesiredApplication {
  const { id, description, labels, clientIds, bundles } = application;
  const paths = gatewayPaths(bundles, settings.pathConflicts);
  const credentials = bundles.map((bundle) => mapCredentials(name, bundle));
  const url = `${settings.gatewayUrl}/${name}`;
  return {
    id,
    name,
    labels: { ...propagatedLabels(labels, settings.propagateLabels), [managedByLabel]: fieldManager },
    annotations: { [formationsAnnotation]: JSON.stringify(formationsIn(labels)) },
    spec: {
      description: description || noDescription,
      labels: { "connected-app": name },
      compassMetadata: { applicationId: id, authentication: { clientIds: [...clientIds] } },
      services: bundles.map((bundle, index) => mapService(bundle, credentials[index] as BundleCredentials, paths, url)),
    },
    secrets: credentials.flatMap(({ secrets }) => secrets),
    keptSecrets: credentials.flatMap(({ keptSecrets }) => keptSecrets),
    problems: [...credentials.flatMap(({ problems }) => problems), ...paths.problems],
  };
}

function mapService(
  bundle: DirectorBundle,
  { credentials, parametersSecret }: BundleCredentials,
  paths: GatewayPaths,
  url: string,
): ApplicationService {
  const { id, name, description, inputSchema } = bundle;
  const displayName = paths.bundleName(bundle);
  const apis = bundle.apis.map((api): ApplicationEntry => {
    const apiName = paths.apiName(bundle, api);
    return {
      type: "API",
      id: api.id,
      name: apiName,
      targetUrl: api.targetUrl,
      centralGatewayUrl: `${url}/${pathName(displayName)}/${pathName(apiName)}`,
      gatewayUrl: "",
      credentials,
      ...(parametersSecret === undefined ? {} : { requestParametersSecretName: parametersSecret }),
    };
  });
  const events = bundle.events.map(
    (event): ApplicationEntry => ({
      type: "Events",
      id: event.id,
      name: event.name,
      targetUrl: "",
      centralGatewayUrl: "",
      gatewayUrl: "",
      credentials: noCredentials,
    }),
  );
  return {
    id,
    identifier: "",
    name: serviceName(name, id),
    displayName,
    description: description || noDescription,
    providerDisplayName: "",
    ...(inputSchema === undefined ? {} : { authCreateParameterSchema: inputSchema }),
    entries: [...apis, ...events],
  };
}

/** The formations of an application: UCL tells a runtime of them by this label only. */
function formationsIn({ scenarios }: Readonly<Record<string, unknown>>): string[] {
  const names = Array.isArray(scenarios) ? scenarios : [];
  return names
    .filter((name) => typeof name === "string")
    .map((name) => name.toWellFormed())
    .sort();
}
