import type { Answer, RawHeaders } from "@application-connector/forward";
import type { InboundApplication } from "../applications/application.ts";
import { refuses } from "../identity/authorize.ts";
import { readClientCertHeader } from "../identity/client-cert-header.ts";
import type { Identify } from "../identity/identify.ts";
import { type Identity, isRejection, type Rejection, rejection } from "../identity/identity.ts";
import { readTarget } from "../path/request-target.ts";
import { chooseRoute, isSubscribedPath, type Route } from "../path/route.ts";
import { applicationUnknown, methodNotAllowed, payloadTooLarge, type Refusal, refusals } from "./refusal.ts";
import { answerHandshake } from "./webhook.ts";

/** What a decision depends on besides the request. */
export interface World {
  readonly applications: { get(name: string): InboundApplication | undefined; readonly hasSynced: boolean };
  readonly identify: Identify;
  /** The answer when nobody said who the client is. */
  readonly certHeaderMissing: Refusal;
  /** Where Eventing takes CloudEvents. */
  readonly eventingPath: string;
  /** Whether a path takes any method, as upstream, or only the one it is there for. */
  readonly methods: "any" | "events";
  /** Whoever asks whether it may send events here is answered, if its origin is one of these; `*` is all. */
  readonly webhookOrigins: readonly string[];
  /** Answers about an Application that there is not as if the certificate were the wrong one. */
  readonly hideUnknown: boolean;
}

export interface InboundRequest {
  readonly method: string;
  readonly httpVersion: string;
  readonly url: string;
  readonly headers: RawHeaders;
  readonly contentLength: number | undefined;
  /** The certificate of the TLS connection; `header` when the ingress speaks for the client. */
  readonly certificate: Uint8Array | undefined | "header";
}

export interface Accepted {
  readonly application: InboundApplication;
  readonly identity: Identity;
  readonly route: Route;
  /** Path and query for Eventing. */
  readonly path: string;
  /** It carries an event, or a batch of them. */
  readonly isEvent: boolean;
  /** It asks for the event types that somebody has subscribed to. */
  readonly asksForTypes: boolean;
}

export interface Refused {
  readonly refusal: Refusal;
  /** As the request names it; empty when it names none. */
  readonly applicationName: string;
  readonly application?: InboundApplication | undefined;
  readonly identity?: Identity | undefined;
  readonly route?: Route;
  /** Why exactly, for log and metrics only: a caller must not learn how close it came. */
  readonly rejection?: Rejection;
}

/** Answered here, without Eventing. */
export interface Handshake {
  readonly application: InboundApplication;
  readonly route: Route;
  readonly answer: Answer;
}

/**
 * What happens to a request. The order of the checks is upstream's and part of the contract: it decides what a caller
 * without a valid certificate can find out.
 */
export function decide(request: InboundRequest, world: World, nowMs: number): Accepted | Refused | Handshake {
  const { method } = request;
  // The parser also reads a line without a version (HTTP/0.9).
  const target = isKnownVersion(request.httpVersion) ? readTarget(request.url) : "bad_request";
  if (typeof target === "string") return { refusal: faults[target], applicationName: "" };
  const applicationName = target.application;

  const statement = request.certificate === "header" ? readClientCertHeader(request.headers) : request.certificate;
  if (statement === undefined) return { refusal: world.certHeaderMissing, applicationName };

  const application = world.applications.get(applicationName);
  if (application === undefined) {
    const refusal = world.hideUnknown ? refusals.subjectMismatch : applicationUnknown(applicationName);
    return { refusal: world.applications.hasSynced ? refusal : refusals.notSynced, applicationName };
  }

  const identity = identityFrom(statement, world.identify, nowMs);
  if (isRejection(identity)) return { ...subjectMismatch, applicationName, application, rejection: identity };
  const refused = refuses(application, identity);
  if (refused !== undefined) return { ...subjectMismatch, applicationName, application, identity, rejection: refused };

  const known = { applicationName, application, identity };
  const route = chooseRoute(target.decoded, application.prefixes);
  if (route === undefined) return { refusal: refusals.noRoute, ...known };
  if (application.settings.paused) return { refusal: refusals.paused, ...known, route };

  const isSubscribed = route === "v1" && isSubscribedPath(target.decoded, application.prefixes);
  if (method === "OPTIONS" && world.webhookOrigins.length > 0 && !isSubscribed)
    return { application, route, answer: answerHandshake(request.headers, world.webhookOrigins, application.settings) };
  const meant = isSubscribed ? "GET" : "POST";
  if (world.methods === "events" && method !== meant)
    return {
      refusal: methodNotAllowed(world.webhookOrigins.length > 0 ? `${meant}, OPTIONS` : meant),
      ...known,
      route,
    };

  const { maxBodyBytes } = application.settings;
  if (maxBodyBytes > 0 && (request.contentLength ?? 0) > maxBodyBytes)
    return { refusal: payloadTooLarge(maxBodyBytes), ...known, route };

  const path = route === "v1" ? target.path : world.eventingPath;
  return {
    application,
    identity,
    route,
    path: path + target.query,
    isEvent: method === "POST" && !isSubscribed,
    asksForTypes: isSubscribed && method === "GET",
  };
}

const isKnownVersion = (version: string): boolean => version.startsWith("1.") || version === "2.0";

const faults = {
  bad_request: refusals.badRequest,
  not_canonical: refusals.notCanonical,
  not_found: refusals.notFound,
} as const;

const subjectMismatch = { refusal: refusals.subjectMismatch };

function identityFrom(
  statement: string | Uint8Array | { lines: number },
  identify: Identify,
  nowMs: number,
): Identity | Rejection {
  if (typeof statement === "string") return identify.fromHeader(statement, nowMs);
  if (statement instanceof Uint8Array) return identify.fromCertificate(statement, nowMs);
  return rejection("several_headers", `${statement.lines} X-Forwarded-Client-Cert lines`);
}
