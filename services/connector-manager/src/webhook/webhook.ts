import type { Server } from "node:https";
import { type Informers, mapped, type Request, type Secret, type Source, secrets } from "@application-connector/kube";
import { Problem } from "@application-connector/problem";
import type { Service } from "@application-connector/service";
import type { Config } from "../config.ts";
import { answerReview, readReview } from "../convert/review.ts";
import { moduleNamespace, webhookManager, webhookSecret } from "../names.ts";
import type { WebhookStats } from "../observe/webhook-stats.ts";
import { expiryOf, type ServingCertificate } from "./certificate.ts";
import { type CertificateFiles, followCertificateFiles } from "./certificate-files.ts";
import { certificateOf } from "./certificate-secret.ts";
import { conversionPath, parseServiceName, parseWebhookUrl, type WebhookAddress } from "./client-config.ts";
import { watchDefinition } from "./definition.ts";
import type { InjectParts } from "./inject.ts";

/** The webhook of every replica, and what the one that leads needs to keep it known. */
export interface Webhook extends Omit<InjectParts, "client"> {
  readonly port: number;
  /** Why nobody can be answered, for people. */
  readonly problem: string | undefined;
  sources(request: Request): Source[];
}

export interface WebhookParts {
  readonly service: Service;
  readonly informers: Informers;
  readonly stats: WebhookStats;
  readonly config: Pick<Config, "webhookPort" | "webhookCertDir" | "webhookService" | "webhookUrl">;
}

/** A list of objects comes in one piece. */
const largestBody = 64 * 1024 * 1024;

/** Answers what API servers ask of it, on every replica. Port -1 is any free one. */
export async function startWebhook({ service, informers, stats, config }: WebhookParts): Promise<Webhook> {
  // None to begin with, and then a handshake fails: readiness says why.
  let shown = { cert: "", key: "" };
  const app = service.api({ bodyLimit: largestBody, tls: { read: () => shown } });
  app.post(conversionPath, async ({ body }) => {
    const review = readReview(body);
    if (review === undefined) throw new Problem("REQUEST_INVALID", "the body is no ConversionReview");
    const answer = answerReview(review);
    stats.conversions[answer.isConverted ? "success" : "error"]++;
    return answer.review;
  });

  const server = app.server as unknown as Server;
  let problem: string | undefined = "there is no certificate yet";
  const serve = (certificate: Pick<ServingCertificate, "certificate" | "key">): void => {
    try {
      const pair = { cert: certificate.certificate, key: certificate.key };
      server.setSecureContext(pair);
      shown = pair;
      stats.expiresAt = expiryOf(certificate);
      problem = undefined;
      service.log.info({ expires: new Date(stats.expiresAt).toISOString() }, "the webhook has a certificate");
    } catch (error) {
      problem = `its certificate cannot be used: ${(error as Error).message}`;
      service.log.warn({ err: error }, "the webhook goes on with the certificate of before");
    }
  };

  const files = config.webhookCertDir === "" ? undefined : await follow(service, config.webhookCertDir, serve);
  const secret = files === undefined ? watchSecret(informers, serve) : undefined;
  const definition = watchDefinition(informers);
  const port = await service.listen(app, Math.max(0, config.webhookPort));
  return {
    port,
    address: addressOf(config),
    definition,
    secret,
    authorities: () => files?.authorities,
    get problem() {
      return files?.problem ?? problem;
    },
    sources: (request) => [
      { ...mapped(definition, () => [request]), all: () => [request] },
      ...(secret ? [mapped(secret, () => [request])] : []),
    ],
  };
}

async function follow(
  service: Service,
  folder: string,
  serve: (certificate: Pick<ServingCertificate, "certificate" | "key">) => void,
): Promise<CertificateFiles> {
  const files = await followCertificateFiles(folder, serve);
  return await service.use(files, "certificate files");
}

function watchSecret(informers: Informers, serve: (certificate: ServingCertificate) => void) {
  const secret = informers.informer<Secret>(secrets, {
    namespace: moduleNamespace,
    fieldSelector: `metadata.name=${webhookSecret}`,
    keepManagedFieldsOf: webhookManager,
  });
  const tell = (one: Secret): void => {
    const certificate = certificateOf(one);
    if (certificate.certificate !== "") serve(certificate);
  };
  secret.subscribe({ add: tell, update: (_, now) => tell(now) });
  return secret;
}

function addressOf({ webhookUrl, webhookService }: WebhookParts["config"]): WebhookAddress {
  const url = webhookUrl === "" ? undefined : parseWebhookUrl(webhookUrl);
  if (url !== undefined) return { url };
  const service = parseServiceName(webhookService);
  if (service === undefined) throw new TypeError("the configuration was not checked");
  return { service };
}
