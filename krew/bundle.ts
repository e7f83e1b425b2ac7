/**
 * Bundles plugin/main.ts into dist/kubectl-vouch.mjs and chunks that a command loads when it uses them.
 * Native addons stay outside: npm brings them, and they are loaded by name when needed.
 */
import fs from "node:fs";
import path from "node:path";
import { build, type Metafile, type Plugin } from "esbuild";
import { oldNodeGuard } from "./old-node.ts";

const ROOT = path.resolve(import.meta.dirname, "..");

/**
 * Syntax level of the first file, so that Node 12.17 and newer can parse it and run its guard; that is the oldest version that
 * accepts ES modules without a flag.
 */
const WARM_TARGET = "es2019";

/** Packages with native code. */
export const EXTERNAL = ["node-hid", "@napi-rs/keyring"];

/** File name of the full program. */
const CORE = "kubectl-vouch-core";

/** What is replaced in what is shipped: chalk's detection of colors. */
export const REPLACED = {
  "#supports-color": path.join(import.meta.dirname, "no-color-guess.ts"),
};

/**
 * Leaves out what yargs needs for its help, translations and settings files: its parser, which is all that we import, uses none
 * of them. yargs does not say that importing them has no effects.
 */
export const YARGS_PARSER_ALONE: Plugin = {
  name: "yargs-parser-alone",
  setup(build) {
    build.onResolve(
      { filter: /(?:platform-shims|apply-extends|process-argv)/ },
      ({ path: name, resolveDir }) => ({
        path: path.resolve(resolveDir, name),
        sideEffects: false,
      }),
    );
  },
};

/** What takes the place of undici in the Kubernetes client. */
export const NO_UNDICI = path.join(import.meta.dirname, "no-undici.ts");

/**
 * Leaves out what we do not use of the Kubernetes client: its settings, copying files, following logs, its own HTTP. It does not say
 * that importing them has no effects.
 */
export const CLIENT_ALONE: Plugin = {
  name: "client-alone",
  setup(build) {
    build.onResolve({ filter: /^\./ }, ({ path: name, resolveDir }) =>
      resolveDir.includes(path.join("@kubernetes", "client-node", "dist"))
        ? { path: path.resolve(resolveDir, name), sideEffects: false }
        : undefined,
    );
    build.onResolve({ filter: /^undici$/ }, ({ importer }) =>
      importer.endsWith("isomorphic-fetch.js") ? { path: NO_UNDICI } : undefined,
    );
  },
};

/** Options for bundling everything that ships. */
export const SHIPPED = {
  bundle: true,
  platform: "node",
  target: "node22",
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: "none",
  logLevel: "warning",
} as const;

/** CommonJS code inside an ES module still calls `require`, but only for Node's own modules. */
const REQUIRE_BANNER =
  'import { createRequire as kubectlVouchRequire } from "node:module"; const require = kubectlVouchRequire(import.meta.url);';

/** What to bundle: the program's first file, the file that it loads if the warm answer does not apply, and the folder to fill. */
interface BundleOptions {
  readonly entry: string;
  /** The full program; the entry imports it lazily, and in no other way. */
  readonly core: string;
  readonly outdir: string;
}

/** esbuild's account of what went where: for the one file of the warm answer, and for the rest. */
export interface Bundle {
  readonly warm: Metafile;
  readonly core: Metafile;
}

/**
 * Bundles in two parts: the warm answer is a single file, because each further file costs Node a millisecond; the rest is split
 * into chunks.
 */
export async function bundle({ entry, core, outdir }: BundleOptions): Promise<Bundle> {
  const { version, engines } = JSON.parse(fs.readFileSync(path.join(ROOT, "package.json"), "utf8")) as {
    version: string;
    engines: { node: string };
  };
  removeModules(outdir);
  const shared = {
    ...SHIPPED,
    absWorkingDir: ROOT,
    outdir,
    outExtension: { ".js": ".mjs" },
    format: "esm",
    define: { KUBECTL_VOUCH_VERSION: JSON.stringify(version) },
    metafile: true,
    alias: REPLACED,
  } as const;
  const [warm, rest] = await Promise.all([
    build({
      ...shared,
      target: WARM_TARGET,
      entryPoints: { "kubectl-vouch": entry },
      plugins: [coreElsewhere(path.resolve(ROOT, core))],
    }),
    build({
      ...shared,
      entryPoints: { [CORE]: core },
      chunkNames: "chunk-[hash]",
      splitting: true,
      external: EXTERNAL,
      plugins: [YARGS_PARSER_ALONE, CLIENT_ALONE],
    }),
  ]);
  addRequire(outdir, rest.metafile);
  const program = path.join(outdir, "kubectl-vouch.mjs");
  const head = `#!/usr/bin/env node\n${oldNodeGuard(engines.node)}\n`;
  fs.writeFileSync(program, `${head}${fs.readFileSync(program, "utf8")}`);
  fs.chmodSync(program, 0o755);
  return { warm: warm.metafile, core: rest.metafile };
}

/** Chunks of an earlier build have other names. Anything else in the folder, such as a release, stays. */
function removeModules(outdir: string): void {
  if (!fs.existsSync(outdir)) return;
  for (const name of fs.readdirSync(outdir)) {
    if (name.endsWith(".mjs")) fs.rmSync(path.join(outdir, name));
  }
}

/** Leaves the full program out of the warm answer's file, as a separate file next to it. */
function coreElsewhere(core: string): Plugin {
  return {
    name: "core-elsewhere",
    setup(build) {
      build.onResolve({ filter: /\.ts$/ }, ({ path: name, resolveDir }) =>
        path.resolve(resolveDir, name) === core ? { path: `./${CORE}.mjs`, external: true } : undefined,
      );
    },
  };
}

/** Adds `require` to those chunks that use it; the warm path needs none, so it pays nothing for it. */
function addRequire(outdir: string, metafile: Metafile): void {
  for (const output of Object.keys(metafile.outputs)) {
    const file = path.join(outdir, path.basename(output));
    const text = fs.readFileSync(file, "utf8");
    if (/\brequire\b/.test(text)) fs.writeFileSync(file, `${REQUIRE_BANNER}\n${text}`);
  }
}

if (process.argv[1] === import.meta.filename) {
  const dist = path.join(ROOT, "dist");
  await bundle({ entry: "plugin/main.ts", core: "plugin/real-app.ts", outdir: dist });
}
