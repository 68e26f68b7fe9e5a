/** A valid binary CloudEvent of an Application. */
export const binaryEvent = (source: string, id = "1"): string[] => [
  "Ce-Specversion: 1.0",
  "Ce-Type: order.created.v1",
  `Ce-Source: ${source}`,
  `Ce-Id: ${id}`,
  "Content-Type: application/json",
];

export const anyBody = '{"order":12345678901234567890}';
