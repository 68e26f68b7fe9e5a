/** A kubeconfig as `kubectl` and every client library read it. JSON is YAML, and needs no quoting rules of our own. */
export function kubeconfig(server: string, ca: string, token: string): string {
  const text = JSON.stringify(
    {
      apiVersion: "v1",
      kind: "Config",
      clusters: [
        {
          name: "emulated",
          cluster: { server, "certificate-authority-data": Buffer.from(ca).toString("base64") },
        },
      ],
      users: [{ name: "user", user: { token } }],
      contexts: [{ name: "emulated", context: { cluster: "emulated", user: "user", namespace: "default" } }],
      "current-context": "emulated",
    },
    null,
    2,
  );
  return `${text}\n`;
}
