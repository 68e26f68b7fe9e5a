// Parts of an Envoy's configuration, as Istio writes them for its gateway and its sidecars.

export interface Pair {
  readonly certificate: string;
  readonly key: string;
}

/** What a proxy does with `X-Forwarded-Client-Cert`. */
export interface ClientCert {
  readonly mode: "SANITIZE" | "SANITIZE_SET" | "APPEND_FORWARD" | "FORWARD_ONLY" | "ALWAYS_FORWARD_ONLY";
  /** What it tells of its client; the digest it always tells. */
  readonly details: readonly ("subject" | "cert" | "chain" | "dns" | "uri")[];
}

export interface ListenerSettings {
  readonly name: string;
  readonly clientCert: ClientCert;
  readonly cluster: string;
  /** PEM; without it the listener speaks no TLS. */
  readonly tls?: { readonly server: Pair; readonly clientAuthorities: string; readonly crl?: string };
}

export function httpListener({ name, clientCert, cluster, tls }: ListenerSettings): object {
  const { mode, details } = clientCert;
  const manager = {
    "@type": `${filters}.network.http_connection_manager.v3.HttpConnectionManager`,
    stat_prefix: name,
    codec_type: "AUTO",
    use_remote_address: true,
    // Istio's default for paths: `BASE`.
    normalize_path: true,
    forward_client_cert_details: mode,
    set_current_client_cert_details: Object.fromEntries(details.map((detail) => [detail, true])),
    route_config: {
      virtual_hosts: [{ name: "all", domains: ["*"], routes: [{ match: { prefix: "/" }, route: { cluster } }] }],
    },
    http_filters: [{ name: "router", typed_config: { "@type": `${filters}.http.router.v3.Router` } }],
  };
  return {
    name,
    address: loopback(0),
    filter_chains: [
      {
        filters: [{ name: "http", typed_config: manager }],
        ...(tls === undefined ? {} : { transport_socket: serverSide(tls) }),
      },
    ],
  };
}

/** Where requests go; with `tls`, as a workload of the mesh. */
export function httpCluster(name: string, port: number, tls?: Pair & { readonly trusted: string }): object {
  const endpoint = { endpoint: { address: loopback(port) } };
  return {
    name,
    type: "STATIC",
    connect_timeout: "5s",
    load_assignment: { cluster_name: name, endpoints: [{ lb_endpoints: [endpoint] }] },
    ...(tls === undefined ? {} : { transport_socket: clientSide(tls) }),
  };
}

const extensions = "type.googleapis.com/envoy.extensions";
const filters = `${extensions}.filters`;
const sockets = `${extensions}.transport_sockets.tls.v3`;

const loopback = (port: number) => ({ socket_address: { address: "127.0.0.1", port_value: port } });
const inline = (text: string) => ({ inline_string: text });
const pairOf = ({ certificate, key }: Pair) => ({ certificate_chain: inline(certificate), private_key: inline(key) });

function serverSide({ server, clientAuthorities, crl }: NonNullable<ListenerSettings["tls"]>): object {
  return {
    name: "tls",
    typed_config: {
      "@type": `${sockets}.DownstreamTlsContext`,
      require_client_certificate: true,
      common_tls_context: {
        alpn_protocols: ["h2", "http/1.1"],
        tls_certificates: [pairOf(server)],
        validation_context: {
          trusted_ca: inline(clientAuthorities),
          ...(crl === undefined ? {} : { crl: inline(crl) }),
        },
      },
    },
  };
}

function clientSide({ trusted, ...pair }: Pair & { readonly trusted: string }): object {
  return {
    name: "tls",
    typed_config: {
      "@type": `${sockets}.UpstreamTlsContext`,
      common_tls_context: {
        tls_certificates: [pairOf(pair)],
        validation_context: { trusted_ca: inline(trusted) },
      },
    },
  };
}
