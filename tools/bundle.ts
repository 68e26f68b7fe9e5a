import { build } from "esbuild";

/** Bundles the program in the current folder to one file that runs without node_modules. */
await build({
  entryPoints: ["src/main.ts"],
  outfile: "dist/main.mjs",
  bundle: true,
  platform: "node",
  target: "node24",
  format: "esm",
  sourcemap: true,
  legalComments: "linked",
  logLevel: "warning",
  // CommonJS dependencies call require() for Node's own modules. The alias keeps clear of imports in the sources.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
});
