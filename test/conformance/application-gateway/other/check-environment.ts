/** Says what is missing before a single file has started. */
export default function checkEnvironment(): void {
  const { GATEWAY_COMMAND: command, GATEWAY_PORTS: ports } = process.env;
  if (command !== undefined || ports !== undefined) return;
  throw new Error(
    "set GATEWAY_COMMAND, or GATEWAY_PORTS and GATEWAY_FOLDER: test/conformance/application-gateway/README.md says how",
  );
}
