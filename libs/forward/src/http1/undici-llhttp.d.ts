// What undici ships and does not declare, and as much of WebAssembly as is used of it.

declare module "undici/lib/llhttp/llhttp_simd-wasm.js" {
  const bytes: Uint8Array<ArrayBuffer>;
  export default bytes;
}

declare module "undici/lib/llhttp/llhttp-wasm.js" {
  const bytes: Uint8Array<ArrayBuffer>;
  export default bytes;
}

declare module "undici/lib/llhttp/constants.js" {
  export const ERROR: Readonly<Record<string, number>>;
  export const METHODS: Readonly<Record<string, number>>;
}

declare namespace WebAssembly {
  class Memory {
    readonly buffer: ArrayBuffer;
  }
  class Module {
    constructor(bytes: Uint8Array<ArrayBuffer>);
  }
  class Instance {
    readonly exports: Record<string, unknown>;
    constructor(module: Module, imports: { env: object });
  }
  function validate(bytes: Uint8Array<ArrayBuffer>): boolean;
}
