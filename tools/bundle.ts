import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { build, type Plugin } from "esbuild";

/**
 * Modules that export bytes, as undici's HTTP parser is one: for esbuild they are objects, of which it makes an accessor
 * for each byte, 20 MiB of them.
 */
const modulesOfBytes: Plugin = {
  name: "modules-of-bytes",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /\/llhttp[^/]*-wasm\.js$/ }, ({ kind, path: module, resolveDir }) => {
      // undici itself requires them, and gets what Node would give it.
      if (kind !== "import-statement") return undefined;
      return { path: createRequire(`${resolveDir}/`).resolve(module), namespace: "bytes" };
    });
    onLoad({ filter: /./, namespace: "bytes" }, ({ path: file }) => ({
      contents: createRequire(file)(file) as Uint8Array,
      loader: "binary",
    }));
  },
};

/**
 * Bundles the program in the current folder to `dist/main.mjs`, or to the folder that is given, where it runs without
 * node_modules. What is imported lazily stands in files beside it, so that a process that never needs it holds none of it:
 * 10 MiB of a gateway's memory.
 */
const outdir = process.argv[2] ?? "dist";
rmSync(outdir, { recursive: true, force: true });
const { outputFiles } = await build({
  entryPoints: ["src/main.ts"],
  outdir,
  outExtension: { ".js": ".mjs" },
  bundle: true,
  splitting: true,
  platform: "node",
  target: "node24",
  format: "esm",
  sourcemap: true,
  legalComments: "linked",
  logLevel: "warning",
  plugins: [modulesOfBytes],
  write: false,
  // CommonJS dependencies call require() for Node's own modules. The alias keeps clear of imports in the sources.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
});
for (const { path: file, text } of outputFiles) {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, file.endsWith(".mjs") ? onlyAscii(text) : text);
}

/**
 * A program with a single character beyond latin1 takes twice the memory while it runs. esbuild escapes those in strings;
 * what is left of them stands in regular expressions and comments, where the same escapes are right.
 */
function onlyAscii(program: string): string {
  return program.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
