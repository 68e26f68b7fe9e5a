import { areNatsServers, natsServers } from "./nats-servers.ts";

/** The settings about NATS that depend on each other. */
export interface NatsSettings {
  readonly natsUrl: string;
  readonly natsCredentials: string;
  readonly natsNkeyFile: string;
  readonly natsTokenFile: string;
  readonly natsUser: string;
  readonly natsPasswordFile: string;
  readonly natsCertFile: string;
  readonly natsKeyFile: string;
}

/** What is wrong with them together: half a pair, or two ways to log in of which one would not count. */
export function natsMistakes(settings: NatsSettings): string[] {
  const { natsUrl, natsUser, natsPasswordFile, natsCertFile, natsKeyFile } = settings;
  const ways = (["natsCredentials", "natsNkeyFile", "natsTokenFile", "natsUser"] as const)
    .filter((name) => settings[name] !== "")
    .map((name) => `--${name}`);
  const { user, token } = areNatsServers(natsUrl) ? natsServers(natsUrl) : {};
  if (user !== undefined || token !== undefined) ways.push("the name in --natsUrl");
  return [
    ...(ways.length > 1 ? [`${ways.join(" and ")} log in: give one of them`] : []),
    ...((natsUser === "") === (natsPasswordFile === "") ? [] : ["--natsUser and --natsPasswordFile need each other"]),
    ...((natsCertFile === "") === (natsKeyFile === "") ? [] : ["--natsCertFile and --natsKeyFile need each other"]),
  ];
}
