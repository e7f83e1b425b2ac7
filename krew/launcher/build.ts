/** Builds the launcher: token/hot/ as QuickJS bytecode, and the few C files in this folder, as one program. */
import fs from "node:fs";
import path from "node:path";
import { build } from "esbuild";
import {
  CALLER_VARIABLE,
  CODE_INJECTION_PREFIXES,
  CODE_INJECTION_VARIABLES,
  DROPPED_PREFIX,
} from "../../token/hot/gate.ts";
import { run } from "../run.ts";
import type { Toolchain } from "./toolchain.ts";

const HERE = import.meta.dirname;

/** Folder of the engine's sources, below the working folder: all paths in a build are relative, so that it is reproducible. */
const ENGINE = "engine";

/** Defining the name of a sanitizer switches off the engine's own pools; arena.c is the only pool. */
const DEFINES = ["-DNDEBUG", "-D_GNU_SOURCE", "-DQUICKJS_NG_BUILD", "-D__SANITIZE_ADDRESS__"];
const OURS = ["main", "host", "arena"];
const POSIX = ["system-posix", "core-posix"];
const WINDOWS = ["system-windows", "core-windows", "access", "caller"];
const ENGINE_SOURCES = ["quickjs", "libregexp", "libunicode", "dtoa"].map((name) => `${ENGINE}/${name}`);
const FLAGS = [
  "-O2",
  "-s",
  "-fPIE",
  "-fstack-protector-strong",
  "-I.",
  "-isystem",
  ENGINE,
  "-lm",
  "-lpthread",
];
const LINUX_FLAGS = ["-static", "-pie", "-Wl,-z,relro,-z,now"];
const WINDOWS_FLAGS = ["-municode", "-lntdll", "-ladvapi32"];

/** What Windows shows of the program. */
const RESOURCE = "version.rc";

/** Where to work and what to make. */
interface LauncherBuild {
  /** An empty folder. */
  readonly work: string;
  readonly version: string;
}

/** Lays out in `work` everything that {@link linkLauncher} needs, the same for every target. */
export async function prepareLauncher(
  { cc, engine }: Toolchain,
  { work, version }: LauncherBuild,
): Promise<void> {
  copySources(engine, path.join(work, ENGINE));
  copySources(HERE, work);
  fs.writeFileSync(path.join(work, "gate.h"), gateHeader());
  fs.writeFileSync(path.join(work, RESOURCE), versionResource(version));
  await build({
    entryPoints: [path.join(HERE, "launcher.ts")],
    outfile: path.join(work, "warm-answer.js"),
    bundle: true,
    format: "iife",
    target: "es2023",
    minifySyntax: true,
    // Every name is read and stored at each start.
    minifyIdentifiers: true,
    charset: "ascii",
    define: { KUBECTL_VOUCH_VERSION: JSON.stringify(version) },
    logLevel: "warning",
  });
  const compiler = [...ENGINE_SOURCES, `${ENGINE}/quickjs-libc`, `${ENGINE}/qjsc`].map(cSource);
  await cc(["-O1", ...DEFINES, "-o", "qjsc", ...compiler, "-lm", "-lpthread"], work);
  // A classic script without source, file names and default modules: it has only what the host provides.
  const words = ["-C", "-s", "-s", "-P", "-N", "warm_answer", "-n", "warm-answer", "-o", "warm-answer.h"];
  await run(path.join(work, "qjsc"), [...words, "warm-answer.js"], { cwd: work });
}

/** Links the program for one zig target, such as `x86_64-linux-musl`. */
export async function linkLauncher(
  { cc }: Toolchain,
  { work, target, outfile }: { readonly work: string; readonly target: string; readonly outfile: string },
): Promise<void> {
  const isWindows = target.includes("windows");
  const sources = [...OURS, ...(isWindows ? WINDOWS : POSIX), ...ENGINE_SOURCES];
  const flags = [
    ...FLAGS,
    ...(target.includes("linux") ? LINUX_FLAGS : []),
    ...(isWindows ? WINDOWS_FLAGS : []),
  ];
  const files = [...sources.map(cSource), ...(isWindows ? [RESOURCE] : [])];
  await cc(["-target", target, ...DEFINES, "-o", outfile, ...files, ...flags], work);
}

function cSource(name: string): string {
  return `${name}.c`;
}

function copySources(from: string, to: string): void {
  fs.mkdirSync(to, { recursive: true });
  for (const file of fs.readdirSync(from).filter((name) => /\.[ch]$/.test(name))) {
    fs.copyFileSync(path.join(from, file), path.join(to, file));
  }
}

/** The variables that the launcher withholds from the core, for C. A complete name ends with `=`. */
export function gateHeader(): string {
  const starts = [...CODE_INJECTION_PREFIXES, ...CODE_INJECTION_VARIABLES.map((name) => `${name}=`)];
  const text = (value: string) => `TEXT_OF_SYSTEM(${JSON.stringify(value)})`;
  return `/* Made from token/hot/gate.ts. */
#ifdef _WIN32
#define TEXT_OF_SYSTEM(text) L##text
typedef wchar_t SystemCharacter;
#else
#define TEXT_OF_SYSTEM(text) text
typedef char SystemCharacter;
#endif
static const SystemCharacter *const TURNING[] = {${starts.map(text).join(", ")}};
#define DROPPED_PREFIX ${text(DROPPED_PREFIX)}
#define CALLER_VARIABLE ${text(CALLER_VARIABLE)}
`;
}

/** Source: Microsoft, "VERSIONINFO resource". Four numbers, and texts in English in UTF-16. */
function versionResource(version: string): string {
  const [major = 0, minor = 0, patch = 0] = version.split(/[.+-]/).map(Number);
  const numbers = [major, minor, patch, 0].join(",");
  const texts = {
    FileDescription: "kubectl-vouch",
    FileVersion: version,
    OriginalFilename: "kubectl-vouch.exe",
    ProductName: "kubectl-vouch",
    ProductVersion: version,
  };
  return `1 VERSIONINFO
FILEVERSION ${numbers}
PRODUCTVERSION ${numbers}
FILEOS 0x40004
FILETYPE 1
{
  BLOCK "StringFileInfo" {
    BLOCK "040904b0" {
${Object.entries(texts)
  .map(([name, text]) => `      VALUE ${JSON.stringify(name)}, ${JSON.stringify(text)}`)
  .join("\n")}
    }
  }
  BLOCK "VarFileInfo" { VALUE "Translation", 0x0409, 1200 }
}
`;
}
