/** Why `/publish` refused an event: the plain text the Eventing Publisher Proxy answers with 400. */
export class PublishError extends Error {
  override readonly name = "PublishError";
}
