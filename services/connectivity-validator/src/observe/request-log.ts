import type { Exchange } from "@application-connector/forward";
import { headerText } from "@application-connector/problem";
import type { Service } from "@application-connector/service";
import type { Identity, Rejection } from "../identity/identity.ts";
import { originForm } from "../path/request-target.ts";
import type { Accepted } from "../proxy/decide.ts";
import type { Refusal } from "../proxy/refusal.ts";
import { excerpt } from "./excerpt.ts";
import { traceFields } from "./trace.ts";

/** What a request leaves in the log, in upstream's words. Never a header's content but trace ids, never a body. */
export interface RequestLog {
  accepted(exchange: Exchange, accepted: Accepted): void;
  responded(exchange: Exchange, accepted: Accepted, status: number): void;
  refused(exchange: Exchange, refusal: Refusal, about: Circumstances): void;
  /** A certificate outside its validity that still counts. */
  outsideValidity(exchange: Exchange, accepted: Accepted): void;
  /** A certificate that is to be replaced. */
  expiresSoon(exchange: Exchange, accepted: Accepted, notAfterMs: number): void;
}

export interface Circumstances {
  readonly applicationName: string;
  readonly identity?: Identity | undefined;
  readonly rejection?: Rejection | undefined;
  readonly error?: Error | undefined;
}

export function createRequestLog(log: Service["log"], eventingOrigin: string): RequestLog {
  const fields = (exchange: Exchange, applicationName: string, identity: Identity | undefined) => ({
    handler: "validation_proxy_handler",
    application: excerpt(applicationName),
    proxyPath: excerpt(pathOf(exchange.url)),
    ...traceFields(exchange.headers),
    ...(identity?.certSha256 === undefined ? {} : { certSha256: identity.certSha256.slice(0, 16) }),
  });

  return {
    accepted(exchange, { application, identity, path }) {
      if (!log.isLevelEnabled("info")) return;
      const common = fields(exchange, application.name, identity);
      log.info(common, "Proxying request for application...");
      log.info({ ...common, targetURL: excerpt(eventingOrigin + pathOf(path)) }, "Proxying request to target URL...");
    },
    responded(exchange, { application, identity }, status) {
      if (!log.isLevelEnabled("info")) return;
      log.info(fields(exchange, application.name, identity), `Host responded with status ${status}`);
    },
    refused(exchange, { reason, text }, { applicationName, identity, rejection, error }) {
      if (!log.isLevelEnabled("error")) return;
      const why = rejection === undefined ? {} : { rejected: rejection.rejected, detail: rejection.detail };
      const cause = error === undefined ? {} : { cause: causeOf(error) };
      // The text may quote a name that the caller chose, line feeds included.
      const message = `Error: ${headerText(text)}`;
      log.error({ ...fields(exchange, applicationName, identity), reason, ...why, ...cause }, message);
    },
    expiresSoon(exchange, { application, identity }, notAfterMs) {
      const until = new Date(notAfterMs).toISOString();
      log.warn({ ...fields(exchange, application.name, identity), until }, "The client certificate expires soon.");
    },
    outsideValidity(exchange, { application, identity }) {
      log.warn(
        fields(exchange, application.name, identity),
        "The client certificate is expired or not yet valid; it counts because xfccCert is not require.",
      );
    },
  };
}

/** A query may carry what its sender calls a secret, and an authority a password. */
function pathOf(url: string): string {
  return (originForm(url) ?? "").split("?", 1)[0] ?? "";
}

function causeOf(error: Error): string {
  const code = "code" in error && typeof error.code === "string" ? `${error.code}: ` : "";
  return code + error.message;
}
