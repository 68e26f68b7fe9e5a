export const style = `
:root { color-scheme: light dark; --line: light-dark(#d9dde3, #343a44); --dim: light-dark(#5b6573, #98a2b3); --tone: light-dark(#f5f7fa, #1c2027); --accent: light-dark(#0b62c4, #6cb2ff); }
body { font: 15px/1.45 system-ui, sans-serif; margin: 0 auto; max-width: 72rem; padding: 1.5rem 1rem; background: light-dark(#fff, #14171c); color: light-dark(#1b2330, #e6e9ee); }
h1 { font-size: 1.4rem; margin: 0 0 .25rem; }
h2 { font-size: 1.1rem; margin: 2rem 0 .25rem; }
p { color: var(--dim); margin: 0 0 .75rem; }
[role=alert] { background: var(--tone); border-left: .25rem solid #c4320a; color: inherit; padding: .5rem .75rem; }
form { display: flex; flex-wrap: wrap; align-items: end; gap: .5rem; }
label { color: var(--dim); display: grid; font-size: .85rem; }
input, select, button { font: inherit; color: inherit; background: var(--tone); border: 1px solid var(--line); border-radius: .35rem; padding: .2rem .5rem; }
button { cursor: pointer; }
button:hover { border-color: var(--accent); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th { color: var(--dim); font-weight: 500; text-align: left; }
th, td { border-bottom: 1px solid var(--line); padding: .45rem .75rem .45rem 0; vertical-align: top; overflow-wrap: anywhere; }
small { color: var(--dim); }
code { font-size: .85rem; }
`;
