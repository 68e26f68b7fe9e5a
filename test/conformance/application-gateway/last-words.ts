import { existsSync, writeFileSync } from "node:fs";
import { call } from "./http.ts";
import { ledger } from "./secrecy-ledger.ts";

/** What administrators show who ask a gateway of these tests for its diagnosis. */
export const diagnosisToken = "a-token-of-an-administrator";

/** The file with it, beside a kubeconfig. */
export function tokenFileFor(kubeconfig: string): string {
  const file = `${kubeconfig}.token`;
  if (!existsSync(file)) writeFileSync(file, `${diagnosisToken}\n`);
  return file;
}

/** All that a gateway would tell who asks its health port, before it ends. */
export async function lastWords(port: number): Promise<void> {
  const headers = ["Authorization", `Bearer ${diagnosisToken}`];
  for (const path of ["/metrics", "/v1/apis", "/readyz?verbose"]) {
    const answer = await call(port, path, { headers }).catch(() => undefined);
    if (answer !== undefined) ledger.said(`what ${path} answers`, answer.body.toString());
  }
}
