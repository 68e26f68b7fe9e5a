import { type ConfigOf, choice, loadConfig, port, type Schema, text } from "@application-connector/service";

/** Ports as in the cluster where a person may know them; the others where nothing usually listens. */
export const schema = {
  gatewayPort: port("gatewayPort", 8080, "Calls from workloads to services with a single API"),
  bundlePort: port("bundlePort", 8082, "Calls from workloads to one API of a bundle"),
  gatewayHealthPort: port("gatewayHealthPort", 8081, "The gateway's health, log level and metrics"),
  inboundPort: port("inboundPort", 8443, "Events from external systems, over mutual TLS"),
  validatorPort: port("validatorPort", 8090, "Events as an ingress hands them to the validator"),
  validatorHealthPort: port("validatorHealthPort", 8091, "The validator's health and metrics"),
  kubernetesPort: port("kubernetesPort", 16443, "The emulated Kubernetes API server"),
  externalSystemPort: port("externalSystemPort", 4401, "The demo external system"),
  eventsPort: port("eventsPort", 4402, "What Eventing received, for a browser or curl"),
  identityProviderPort: port("identityProviderPort", 4403, "The token server of the demo external system"),
  uclPort: port("uclPort", 4404, "UCL for who has a one-time token"),
  uclMtlsPort: port("uclMtlsPort", 4405, "UCL for who has a certificate"),
  formationPort: port("formationPort", 4406, "The formation in UCL, to be changed in a browser or with curl"),
  agentHealthPort: port("agentHealthPort", 8092, "The Runtime Agent's health"),
  agentMetricsPort: port("agentMetricsPort", 8093, "The Runtime Agent's metrics"),
  folder: text("folder", ".local", "Where certificates and the kubeconfig are while the playground runs"),
  logLevel: choice("logLevel", "warn", "Log level of gateway, validator and agent", {
    values: ["debug", "info", "warn", "error"],
  }),
} satisfies Schema;

export type Config = ConfigOf<typeof schema>;

export const readConfig = (argv: readonly string[], env: NodeJS.ProcessEnv): Config => loadConfig(schema, argv, env);
