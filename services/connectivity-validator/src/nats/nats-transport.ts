import {
  type ConnectionOptions,
  type NatsConnection,
  NatsConnectionImpl,
  setTransportFactory,
} from "@nats-io/transport-node";
import { NodeTransport, nodeResolveHost } from "@nats-io/transport-node/lib/node_transport.js";

/** The client forgets a connection that did not come about in time, and leaves its socket open. */
class Transport extends NodeTransport {
  override async close(error?: Error): Promise<void> {
    if (!this.connected) this.discard();
    await super.close(error);
  }
}

/**
 * The client's `connect`, but for sockets that are left behind; and what the server broke the connection off with is told,
 * such as a client certificate that it refuses, where the client would tell that its time ran out.
 */
export async function connectNats(options: ConnectionOptions): Promise<NatsConnection> {
  let last: Transport | undefined;
  const factory = (): Transport => {
    last = new Transport();
    return last;
  };
  setTransportFactory({ factory, dnsResolveFn: nodeResolveHost });
  try {
    return await NatsConnectionImpl.connect(options);
  } catch (error) {
    throw last?.closeError ?? error;
  }
}
