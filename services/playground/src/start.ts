import path from "node:path";
import { schema as gatewaySchema, start as startGateway } from "@application-connector/application-gateway";
import { start as startValidator, schema as validatorSchema } from "@application-connector/connectivity-validator";
import { customResourceDefinitions } from "@application-connector/crds";
import { startEventing } from "@application-connector/eventing-emulator";
import { startExternalSystem } from "@application-connector/external-system-emulator";
import { startIdentityProvider } from "@application-connector/identity-provider-emulator";
import { startKubeApi } from "@application-connector/kube-api-emulator";
import { composing, createService, listenError, loadConfig, type Service } from "@application-connector/service";
import { startUcl } from "@application-connector/ucl-emulator";
import type { Config } from "./config.ts";
import { credentials, demoSystems } from "./demo.ts";
import { pairSystem, registerRuntime, registerSystem } from "./formation.ts";
import { followAuthorities, mirrored, secretsNamespace, startAgent, writeConfiguration } from "./join-formation.ts";
import { openLocalFolder } from "./local-folder.ts";
import { createPki } from "./pki.ts";
import type { Surroundings } from "./ready-block.ts";

export { type Config, readConfig, schema } from "./config.ts";
export { type Pairing, pairSystem, registerRuntime, registerSystem } from "./formation.ts";
export { commands, readyBlock } from "./ready-block.ts";

/** The playground and where its parts are. */
export type Playground = Service & { readonly surroundings: Surroundings };

/** Nobody else in the network has business with a playground. */
const loopback = "--listenAddress=127.0.0.1";

/** Starts the product and what it talks to, in the order in which a cluster would have them. */
export async function start(config: Config): Promise<Playground> {
  const began = performance.now();
  const service = createService("playground", { logLevel: "error", shutdownTimeoutMs: 5_000 });
  return composing(service, async () => {
    const local = await service.use(openLocalFolder(path.resolve(config.folder)), "local folder");
    const pki = createPki(local);
    const { authority } = pki;
    const kubernetes = await service.use(
      listening(config.kubernetesPort, (port) => startKubeApi({ port, authority, crds: customResourceDefinitions })),
    );
    const kubeconfig = local.write("kubeconfig", kubernetes.kubeconfig());
    const identityProvider = await service.use(
      listening(config.identityProviderPort, (port) => startIdentityProvider({ port, clients: [credentials.oauth] })),
    );
    const externalSystem = await service.use(
      listening(config.externalSystemPort, (port) =>
        startExternalSystem({
          port,
          basic: credentials.basic,
          verifyToken: (token) => identityProvider.isValid(token),
        }),
      ),
    );
    const eventing = await service.use(listening(config.eventsPort, (port) => startEventing({ port })));
    const systems = { externalSystem: externalSystem.url, tokenUrl: identityProvider.tokenUrl };
    const ucl = await service.use(
      listening(config.uclPort, (port) =>
        startUcl({ port, mtlsPort: config.uclMtlsPort, adminPort: config.formationPort }),
      ),
      "UCL",
    );
    const pairing = await registerRuntime(ucl);
    for (const system of demoSystems(systems)) {
      pki.writeClient(system.name, await pairSystem(ucl, await registerSystem(ucl, system)));
    }
    writeConfiguration(kubernetes, ucl, pairing);
    await nested(
      service,
      startAgent({
        kubeconfig,
        uclCaFile: local.write(path.join("pki", "ucl-server-ca.crt"), ucl.serverCa),
        healthPort: config.agentHealthPort,
        metricsPort: config.agentMetricsPort,
        inboundPort: config.inboundPort,
        bundlePort: config.bundlePort,
        logLevel: config.logLevel,
      }),
    );
    await mirrored(kubernetes);
    const clientCaFile = path.join(local.path, "pki", "clients-ca.crt");
    await service.use(
      followAuthorities(kubernetes, (pem) => void local.write(path.join("pki", "clients-ca.crt"), pem)),
      "authorities",
    );

    const gateway = await nested(
      service,
      startGateway(
        loadConfig(
          gatewaySchema,
          [
            `--kubeConfig=${kubeconfig}`,
            loopback,
            `--applicationSecretsNamespace=${secretsNamespace}`,
            `--proxyPort=${config.gatewayPort}`,
            `--proxyPortCompass=${config.bundlePort}`,
            `--externalAPIPort=${config.gatewayHealthPort}`,
            `--logLevel=${config.logLevel}`,
          ],
          {},
        ),
      ),
    );
    const validator = await nested(
      service,
      startValidator(
        loadConfig(
          validatorSchema,
          [
            `--kubeconfig=${kubeconfig}`,
            loopback,
            `--proxyPort=${config.validatorPort}`,
            `--externalAPIPort=${config.validatorHealthPort}`,
            `--eventingPublisherHost=127.0.0.1:${eventing.port}`,
            "--eventingPathPrefixV1=/%%APP_NAME%%/v1/events",
            "--eventingPathPrefixV2=/%%APP_NAME%%/v2/events",
            "--eventingPathPrefixEvents=/%%APP_NAME%%/events",
            "--securityProfile=strict",
            `--mtlsPort=${config.inboundPort || -1}`,
            `--mtlsCertFile=${pki.server.certificate}`,
            `--mtlsKeyFile=${pki.server.key}`,
            `--mtlsClientCAFile=${clientCaFile}`,
            "--delivery=spool",
            `--spoolDir=${local.subfolder("spool")}`,
          ],
          { APP_LOG_LEVEL: config.logLevel },
        ),
      ),
    );

    const surroundings: Surroundings = {
      seconds: (performance.now() - began) / 1_000,
      folder: path.relative(process.cwd(), local.path) || ".",
      gatewayPort: gateway.ports.proxy,
      bundlePort: gateway.ports.proxyCompass,
      inboundPort: validator.ports.mtls ?? 0,
      eventsPort: eventing.port,
      formationPort: ucl.adminPort,
      externalSystem: externalSystem.url,
    };
    return Object.assign(service, { surroundings });
  });
}

/** A service inside ours ends with it, at once: nobody balances load over a playground. */
async function nested<T extends Service>(service: Service, starting: Promise<T>): Promise<T> {
  const inner = await starting;
  await service.use({ stop: () => inner.stop({ readyDelayMs: 0 }) }, inner.name);
  return inner;
}

/** The emulators know nothing of our flags: a busy port gets the sentence that names the one to change. */
async function listening<T>(port: number, start: (port: number) => Promise<T>): Promise<T> {
  try {
    return await start(port);
  } catch (error) {
    // Who listens on several ports says which one it was.
    throw listenError(error, (error as { port?: number } | undefined)?.port ?? port);
  }
}
