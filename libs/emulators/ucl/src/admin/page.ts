import { createHash } from "node:crypto";
import type { ShownApplication, ShownFormation } from "./formation-view.ts";
import { style } from "./page-assets.ts";

/** Nothing but the page's own style loads, even if some text escaped its escaping. */
export const contentSecurityPolicy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash("sha256").update(style).digest("base64")}'`,
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** Formations with what is in them, and the forms to change that. Works without script. */
export function renderPage(formations: readonly ShownFormation[], mistake?: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>UCL formations</title>
<style>${style}</style>
</head>
<body>
<h1>UCL formations</h1>
<p>The systems in a formation are what its runtimes see. A change here arrives with the next round of the agent.</p>
${mistake === undefined ? "" : `<p role="alert">${escapeHtml(mistake)}</p>`}
${formations.map(renderFormation).join("\n")}
</body>
</html>
`;
}

function renderFormation({ formation, runtimes, applications }: ShownFormation): string {
  const names = runtimes.map(({ name, condition }) => `${escapeHtml(name)} (${escapeHtml(condition.toLowerCase())})`);
  const rows = applications.map((shown) => renderApplication(formation.name, shown)).join("\n");
  const more = formation.members.length - runtimes.length - applications.length;
  return `<section>
<h2>${escapeHtml(formation.name)}</h2>
<p>Runtimes: ${names.join(", ") || "none"}</p>
<div class="scroll"><table>
<thead><tr><th scope="col">System</th><th scope="col">Bundles</th><th scope="col"></th></tr></thead>
<tbody>
${rows || '<tr><td colspan="3"><small>No system yet.</small></td></tr>'}
</tbody>
</table></div>
${more > 0 ? `<p>and ${more} more</p>` : ""}
${addForm(formation.name)}
</section>`;
}

function renderApplication(formation: string, { application, bundles }: ShownApplication): string {
  const described = bundles.map(({ name, credential, apis, events }) => {
    const parts = [...apis, ...events.map((event) => `${event} (event)`)].map(escapeHtml).join(", ");
    return `${escapeHtml(name)} <small>${escapeHtml(credential)}</small>: ${parts || "empty"}`;
  });
  return `<tr><td><b>${escapeHtml(application.name)}</b><br><small>${escapeHtml(application.description ?? "")}</small><br><code>${escapeHtml(application.id)}</code></td><td>${described.join("<br>")}</td><td>
<form method="post" action="ui/describe">${hidden("id", application.id)}<input name="description" aria-label="New description of ${escapeHtml(application.name)}" placeholder="new description" required><button>Change</button></form>
<form method="post" action="ui/remove">${hidden("id", application.id)}${hidden("formation", formation)}<button>Remove</button></form></td></tr>`;
}

const hidden = (name: string, value: string): string =>
  `<input type="hidden" name="${name}" value="${escapeHtml(value)}">`;

function addForm(formation: string): string {
  const field = (name: string, text: string, more = ""): string =>
    `<label>${text}<input name="${name}" ${more}></label>`;
  return `<form method="post" action="ui/add">${hidden("formation", formation)}
${field("name", "New system", 'required maxlength="100" placeholder="Commerce Cloud"')}
${field("api", "API", 'required placeholder="orders"')}
${field("targetURL", "URL of the API", 'type="url" required placeholder="https://…"')}
<label>Credential<select name="credential"><option value="none">none</option><option value="basic">user and password</option><option value="oauth">OAuth client</option></select></label>
${field("user", "User or client id")}
${field("secret", "Password or secret", 'type="password" autocomplete="off"')}
${field("tokenUrl", "Token URL", 'type="url"')}
<button>Add</button></form>`;
}

function escapeHtml(text: string): string {
  const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}
