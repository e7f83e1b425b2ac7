import { parseDocument } from "yaml";

/** A krew manifest as read, not validated. */
export interface Manifest {
  readonly apiVersion?: unknown;
  readonly kind?: unknown;
  readonly metadata?: { readonly name?: unknown };
  readonly spec?: {
    readonly version?: unknown;
    readonly homepage?: unknown;
    readonly shortDescription?: unknown;
    readonly description?: unknown;
    readonly platforms?: readonly ManifestPlatform[];
  };
}

export interface ManifestPlatform {
  readonly uri?: unknown;
  readonly sha256?: unknown;
  readonly bin?: unknown;
  readonly files?: readonly FileOperation[] | null;
  readonly selector?: Selector | null;
}

/** Moves what matches `from` in the archive to `to` in the plugin's folder. */
export interface FileOperation {
  readonly from?: unknown;
  readonly to?: unknown;
}

/** A Kubernetes label selector over the labels `os` and `arch`. */
export interface Selector {
  readonly matchLabels?: Readonly<Record<string, unknown>> | null;
  readonly matchExpressions?: readonly Expression[] | null;
}

export interface Expression {
  readonly key?: unknown;
  readonly operator?: unknown;
  readonly values?: readonly unknown[] | null;
}

/** @throws Error if the text is no YAML map. */
export function readManifest(text: string): Manifest {
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error !== undefined) throw new Error(`is no YAML: ${error.message.split("\n")[0]}`);
  const manifest: unknown = document.toJS();
  if (typeof manifest !== "object" || manifest === null || Array.isArray(manifest)) {
    throw new Error("is no YAML map");
  }
  return manifest;
}

/** The platforms that a manifest offers; empty if there is no list. */
export function platformsOf(manifest: Manifest): readonly ManifestPlatform[] {
  const platforms = manifest.spec?.platforms;
  return Array.isArray(platforms) ? platforms.map((platform) => platform ?? {}) : [];
}
