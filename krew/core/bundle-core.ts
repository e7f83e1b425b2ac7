/**
 * Bundles the program into CommonJS chunks for the core: each is loaded when a command uses it, and shared code only once.
 */
import path from "node:path";
import { build, type Metafile, type Plugin, transform } from "esbuild";
import { CLIENT_ALONE, REPLACED, SHIPPED, YARGS_PARSER_ALONE } from "../bundle.ts";
import { ReleaseError } from "../run.ts";
import { WILL_HAVE_DEVELOPER_ID } from "../sign-macos.ts";
import { ADDON_PREFIX, ENTRY_CHUNK } from "./parts.ts";

const ROOT = path.resolve(import.meta.dirname, "..", "..");

/** Code that could run a file from outside. Source: krew/PACKAGING.md, "Hostile environment". */
const REACHES_OUT = /\bimport\s*\(|\bcreateRequire\b|\bimport\.meta\b|\(["'](?:node:)?module["']\)/;

/** The chunks, by file name. */
export interface CoreBundle {
  readonly chunks: ReadonlyMap<string, string>;
  /** File name of the chunk that exports `main`. */
  readonly program: string;
  readonly metafile: Metafile;
}

/** What to bundle: a program's first file, and the file that exports its `main`. */
interface CoreSources {
  readonly version: string;
  /** Whether the programs for macOS will be signed with a Developer ID. */
  readonly hasDeveloperId?: boolean;
  readonly entry?: string;
  readonly program?: string;
}

/** @throws ReleaseError if a chunk could load code from outside. */
export async function bundleCore({
  version,
  hasDeveloperId = WILL_HAVE_DEVELOPER_ID,
  entry = "plugin/main.ts",
  program = "plugin/real-app.ts",
}: CoreSources): Promise<CoreBundle> {
  const { outputFiles, metafile } = await build({
    ...SHIPPED,
    absWorkingDir: ROOT,
    entryPoints: { [path.parse(ENTRY_CHUNK).name]: entry },
    outdir: "core",
    outExtension: { ".js": ".mjs" },
    chunkNames: "chunk-[hash]",
    write: false,
    splitting: true,
    format: "esm",
    charset: "ascii",
    metafile: true,
    define: {
      KUBECTL_VOUCH_VERSION: JSON.stringify(version),
      KUBECTL_VOUCH_DEVELOPER_ID: JSON.stringify(hasDeveloperId),
      "import.meta.url": "__moduleUrl",
      // Code inside an executable is in no folder; node-hid passes its own to whatever looks for its addon.
      __dirname: '""',
      __filename: '""',
    },
    alias: REPLACED,
    external: [`${ADDON_PREFIX}*`],
    plugins: [YARGS_PARSER_ALONE, CLIENT_ALONE, addonsInside, noLoaderOfFiles],
  });
  const chunks = new Map<string, string>();
  for (const file of outputFiles) chunks.set(path.basename(file.path), await asCommonJs(file.text));
  for (const [name, text] of chunks) refuseReachingOut(name, text);
  return { chunks, program: chunkOf(metafile, program), metafile };
}

/** @throws ReleaseError if this text of a chunk could load code from outside. */
export function refuseReachingOut(name: string, text: string): void {
  const found = REACHES_OUT.exec(text);
  if (found === null) return;
  const around = text.slice(Math.max(0, found.index - 100), found.index + 100);
  throw new ReleaseError(`${name} could load code from outside the program: …${around}…`);
}

/** Converts an ES module to CommonJS, and `import()` of a chunk to `require`. */
async function asCommonJs(text: string): Promise<string> {
  const { code } = await transform(text, {
    format: "cjs",
    platform: "node",
    target: "node22",
    supported: { "dynamic-import": false },
    minifySyntax: true,
    minifyWhitespace: true,
    charset: "ascii",
  });
  return code;
}

function chunkOf({ outputs }: Metafile, entry: string): string {
  const found = Object.entries(outputs).find(([, { entryPoint }]) => entryPoint === entry);
  if (found === undefined) throw new ReleaseError(`${entry} has no chunk of its own.`);
  return path.basename(found[0]);
}

/** yargs creates a `require` for files, for settings that we do not use; here it can load none. */
const noLoaderOfFiles: Plugin = {
  name: "no-loader-of-files",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(?:node:)?module$/ }, () => ({ path: "module", namespace: "none" }));
    onLoad({ filter: /.*/, namespace: "none" }, () => ({
      contents: `const refuse = (name) => { throw new Error(name + " is not in this program."); };
        const withoutFiles = () => refuse;
        export { withoutFiles as createRequire };`,
    }));
  },
};

/** The JavaScript around the native addons looks for files; here the addons are parts of the executable. */
const addonsInside: Plugin = {
  name: "addons-inside",
  setup({ onResolve, onLoad }) {
    const filter = /^(?:pkg-prebuilds\/bindings|@napi-rs\/keyring)$/;
    onResolve({ filter }, ({ path: name }) => ({ path: name, namespace: "addon" }));
    onLoad({ filter: /.*/, namespace: "addon" }, ({ path: name }) => ({
      contents: name.startsWith("pkg-")
        ? `module.exports = () => require("${ADDON_PREFIX}hid.node");`
        : // By the name under which it is imported: an import of what is CommonJS has its `default` alone.
          `const { Entry } = require("${ADDON_PREFIX}keyring.node"); export { Entry };`,
    }));
  },
};
