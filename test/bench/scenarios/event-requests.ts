import { createHash, X509Certificate } from "node:crypto";
import { createAuthority, formatXfcc } from "@application-connector/x509";
import type { RequestShape } from "../load/wrk.ts";
import { application } from "../world/routes.ts";

const data = { id: 1, note: "x".repeat(380) };

/** A binary CloudEvent of about 600 bytes with everything Envoy says of a client certificate. */
export function singleEvent(): RequestShape {
  const authority = createAuthority({ subject: "CN=Bench CA", keyType: "ec" });
  const subject = `CN=${application},OU=bench,O=bench,C=DE`;
  const { certificate } = authority.issue({ subject, usage: ["client"], keyType: "ec" });
  const hash = createHash("sha256").update(new X509Certificate(certificate).raw).digest("hex");
  const hop = {
    by: ["spiffe://cluster.local/ns/kyma-system/sa/central-application-connectivity-validator"],
    hash: "0".repeat(64),
    subject: "",
    uri: ["spiffe://cluster.local/ns/istio-system/sa/istio-ingressgateway-service-account"],
    dns: [],
  };
  const client = { by: [], hash, cert: encodeURIComponent(certificate), subject, uri: [""], dns: [] };
  return {
    method: "POST",
    path: `/${application}/events`,
    headers: {
      "X-Forwarded-Client-Cert": formatXfcc([client, hop]),
      "Content-Type": "application/json",
      "ce-specversion": "1.0",
      "ce-id": "3f6c1a52-7f6e-4a55-9d8e-1a2b3c4d5e6f",
      "ce-source": application,
      "ce-type": "order.created.v1",
    },
    body: JSON.stringify(data),
  };
}

/** Of the events of a batch. */
export const batchSize = 100;

/** The same event a hundred times, in one request. */
export function batchOfEvents(): RequestShape {
  const { headers = {}, ...rest } = singleEvent();
  const one = (id: number) => ({
    specversion: "1.0",
    id: `3f6c1a52-7f6e-4a55-9d8e-${id}`,
    source: application,
    type: "order.created.v1",
    datacontenttype: "application/json",
    data,
  });
  return {
    ...rest,
    headers: {
      "X-Forwarded-Client-Cert": headers["X-Forwarded-Client-Cert"] ?? "",
      "Content-Type": "application/cloudevents-batch+json",
    },
    body: JSON.stringify(Array.from({ length: batchSize }, (_, id) => one(id))),
  };
}
