export const style = `
:root { color-scheme: light dark; --line: light-dark(#d9dde3, #343a44); --dim: light-dark(#5b6573, #98a2b3); --tone: light-dark(#f5f7fa, #1c2027); --accent: light-dark(#0b62c4, #6cb2ff); }
body { font: 15px/1.45 system-ui, sans-serif; margin: 0 auto; max-width: 72rem; padding: 1.5rem 1rem; background: light-dark(#fff, #14171c); color: light-dark(#1b2330, #e6e9ee); }
header { display: flex; flex-wrap: wrap; align-items: baseline; gap: .25rem 1.5rem; margin-bottom: 1rem; }
h1 { font-size: 1.4rem; margin: 0; }
header p { color: var(--dim); margin: 0; }
#live { color: var(--accent); }
form { display: flex; flex-wrap: wrap; gap: .5rem; margin-left: auto; }
label { color: var(--dim); }
input, button { font: inherit; color: inherit; background: var(--tone); border: 1px solid var(--line); border-radius: .35rem; padding: .2rem .5rem; }
main { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th { color: var(--dim); font-weight: 500; text-align: left; }
th, td { border-bottom: 1px solid var(--line); padding: .45rem .75rem .45rem 0; vertical-align: top; overflow-wrap: anywhere; }
td:first-child, time { white-space: nowrap; font-variant-numeric: tabular-nums; }
small { color: var(--dim); }
summary { cursor: pointer; }
pre { background: var(--tone); border-radius: .35rem; margin: .4rem 0 0; padding: .6rem; white-space: pre-wrap; font-size: .85rem; }
#empty { color: var(--dim); padding: 2rem 0; text-align: center; }
`;

/** Rows arrive escaped from the server, the same ones a reload would show. */
export const script = `
const rows = document.getElementById("events");
const stream = new EventSource("events/stream" + location.search);
stream.onopen = () => { document.getElementById("live").hidden = false; };
stream.onerror = () => { document.getElementById("live").hidden = true; };
stream.addEventListener("stored", ({ data }) => {
  const { stored, html } = JSON.parse(data);
  document.getElementById("stored").textContent = stored;
  document.getElementById("empty").hidden = true;
  rows.insertAdjacentHTML("afterbegin", html);
  while (rows.rows.length > 100) rows.deleteRow(-1);
});
`;
