import { CloudEvent, HTTP, type Message } from "cloudevents";

/** An event of the demo's customer system. Its time is fixed, so that it is printed as it stands in the README. */
const event = (id: string, source: string, data: object): CloudEvent<object> =>
  new CloudEvent({
    id,
    source,
    type: "order.created.v1",
    time: "2030-01-31T08:15:00.000Z",
    datacontenttype: "application/json",
    data,
  });

/** The arguments with which `curl` posts one event, its attributes as headers. */
export const oneEvent = (id: string, source: string, data: object): string =>
  posted(HTTP.binary(event(id, source, data)));

/** The same for several events in one request. */
export function batchOf(source: string, ...events: readonly { readonly id: string; readonly data: object }[]): string {
  const headers = { "content-type": "application/cloudevents-batch+json" };
  return posted({ headers, body: JSON.stringify(events.map(({ id, data }) => event(id, source, data))) });
}

function posted({ headers, body }: Message): string {
  const lines = Object.entries(headers).map(([name, value]) => `-H '${name}: ${value}'`);
  return [...lines, `-d '${body}'`].join(" ");
}
