import path from "node:path";
import { batchOf, oneEvent } from "./demo-events.ts";

/** What is running, for a person who has just started it. */
export interface Surroundings {
  readonly seconds: number;
  readonly folder: string;
  readonly gatewayPort: number;
  readonly bundlePort: number;
  readonly inboundPort: number;
  readonly eventsPort: number;
  /** The page of the formation in UCL. */
  readonly formationPort: number;
  readonly externalSystem: string;
}

/** The commands to try, each for a shell in the folder where the playground was started. */
export function commands(on: Surroundings): { title: string; command: string }[] {
  const file = (...parts: string[]): string => path.join(on.folder, ...parts);
  const inbound = (certificate: string): string =>
    `curl -sS --cacert ${file("pki", "ca.crt")} --cert ${file("pki", `${certificate}.crt`)} --key ${file("pki", `${certificate}.key`)}`;
  const events = `-i https://localhost:${on.inboundPort}/mp-demo-crm/events`;
  return [
    {
      title: "call an API of demo-crm; the gateway fetches the OAuth token with what UCL knows",
      command: `curl -sS http://localhost:${on.gatewayPort}/mp-demo-crm/orders/v1/orders`,
    },
    {
      title: "call an API of a bundle of demo-shop; the gateway adds user and password",
      command: `curl -sS http://localhost:${on.bundlePort}/mp-demo-shop/shop-bundle/products/P-100`,
    },
    {
      title: "send an event as demo-crm, with the client certificate that UCL has issued to it",
      command: `${inbound("demo-crm")} ${events} ${oneEvent("1", "mp-demo-crm", { orderId: 4711 })}`,
    },
    {
      title: "demo-shop may not speak for demo-crm",
      command: `${inbound("demo-shop")} ${events} ${oneEvent("2", "mp-demo-crm", { orderId: 4712 })}`,
    },
    {
      title: "nor may demo-crm send events that say they come from demo-shop; Error-Reason says why",
      command: `${inbound("demo-crm")} ${events} ${oneEvent("3", "mp-demo-shop", { orderId: 4713 })}`,
    },
    {
      title: "send a batch of events",
      command: `${inbound("demo-crm")} ${events} ${batchOf("mp-demo-crm", { id: "4", data: { orderId: 4714 } }, { id: "5", data: { orderId: 4715 } })}`,
    },
    {
      title: "add a system to the formation in UCL; a second later it can be called",
      command: `curl -sS http://localhost:${on.formationPort}/ui/add -d formation=demo -d name=warehouse -d api=stock -d targetURL=${on.externalSystem}/echo`,
    },
    {
      title: "call it",
      command: `curl -sS http://localhost:${on.bundlePort}/mp-warehouse/stock-bundle/stock/shelves/7`,
    },
    {
      title: "let Eventing fail",
      command: `curl -sS -X PUT http://localhost:${on.eventsPort}/faults -d '{"status":503}'`,
    },
    {
      title: "an event is taken all the same, and kept on disk: Delivery says queued",
      command: `${inbound("demo-crm")} ${events} ${oneEvent("6", "mp-demo-crm", { orderId: 4716 })}`,
    },
    {
      title: "let Eventing be well again; a moment later it has the event",
      command: `curl -sS -X DELETE http://localhost:${on.eventsPort}/faults`,
    },
    { title: "see which events arrived", command: `curl -sS http://localhost:${on.eventsPort}/events` },
    {
      title: "look at the custom resources",
      command: `kubectl --kubeconfig ${file("kubeconfig")} get applications`,
    },
  ];
}

export function readyBlock(on: Surroundings): string {
  const url = (port: number, rest: string): string => `http://localhost:${port}${rest}`;
  const rows = [
    ["gateway", url(on.gatewayPort, "/{app}/{service}/{path}")],
    ["", url(on.bundlePort, "/{app}/{bundle}/{api}/{path}")],
    ["inbound (mTLS)", `https://localhost:${on.inboundPort}/{app}/events`],
    ["", `client certificates in ${path.join(on.folder, "pki")}${path.sep}`],
    ["formation in UCL", url(on.formationPort, "/")],
    ["kubernetes api", `export KUBECONFIG=${path.join(on.folder, "kubeconfig")}`],
    ["received events", url(on.eventsPort, "/")],
  ];
  return [
    "",
    `application-connector · local${" ".repeat(34)}ready in ${on.seconds.toFixed(1)} s`,
    "",
    ...rows.map(([name = "", value = ""]) => `  ${name.padEnd(18)}${value}`),
    "",
    "  try",
    ...commands(on).flatMap(({ title, command }) => [`    # ${title}`, `    ${command}`]),
    "",
    "  Ctrl-C stops everything and leaves nothing behind.",
    "",
  ].join("\n");
}
