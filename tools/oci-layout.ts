import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";

export interface Image {
  /** Name and tag, as `org.opencontainers.image.ref.name`. */
  readonly name: string;
  /** As Go calls it: amd64, arm64. */
  readonly architecture: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly user: string;
  readonly environment: readonly string[];
  readonly entrypoint: readonly string[];
  /** Tar files, not compressed, the lowest first. */
  readonly layers: readonly Buffer[];
}

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

/** Writes an image as an OCI layout (image-spec 1.1): what `skopeo copy oci:FOLDER docker://…` and others take. */
export function writeLayout(folder: string, image: Image): Descriptor {
  const blobs = path.join(folder, "blobs/sha256");
  mkdirSync(blobs, { recursive: true });
  const store = (content: Buffer, mediaType: string): Descriptor => {
    const digest = sha256(content);
    writeFileSync(path.join(blobs, digest), content);
    return { mediaType, digest: `sha256:${digest}`, size: content.length };
  };
  const json = (value: unknown, kind: string) =>
    store(Buffer.from(JSON.stringify(value)), `application/vnd.oci.image.${kind}.v1+json`);

  const layers = image.layers.map((tar) => store(gzipSync(tar), "application/vnd.oci.image.layer.v1.tar+gzip"));
  const config = json(
    {
      architecture: image.architecture,
      os: "linux",
      config: {
        User: image.user,
        Env: image.environment,
        Entrypoint: image.entrypoint,
        WorkingDir: "/",
        Labels: image.labels,
      },
      rootfs: { type: "layers", diff_ids: image.layers.map((tar) => `sha256:${sha256(tar)}`) },
    },
    "config",
  );
  const manifest = json(
    { schemaVersion: 2, mediaType: "application/vnd.oci.image.manifest.v1+json", config, layers },
    "manifest",
  );
  const platform = { architecture: image.architecture, os: "linux" };
  const annotations = { "org.opencontainers.image.ref.name": image.name };
  const index = { schemaVersion: 2, manifests: [{ ...manifest, platform, annotations }] };
  writeFileSync(path.join(folder, "index.json"), JSON.stringify(index));
  writeFileSync(path.join(folder, "oci-layout"), JSON.stringify({ imageLayoutVersion: "1.0.0" }));
  return manifest;
}

const sha256 = (content: Buffer): string => createHash("sha256").update(content).digest("hex");
