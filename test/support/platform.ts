/**
 * Tests that need what only some systems have. On the others they are not registered, because a skipped test counts as failed
 * (`.ci/run`).
 */

/** Why a test or a suite is for Linux and macOS only, as far as wine 8 and Linux show it. */
const WHY = {
  modes: "Windows has no modes, owners, FIFOs or devices of POSIX",
  programs: "it runs a shell, or a script that names its interpreter",
  paths: "it has paths of POSIX, and Node's own functions read those of the machine",
  shell: "it expects commands for bash, but errors have them for the machine's own shell",
  pipes: "wine 8 gives Node no pipe as standard output",
  sockets: "Windows has no sockets in files",
  lab: "the lab's kubectl-vouch is a shell script, and under wine no program can bundle it",
  esbuild: "esbuild does not answer Node under wine 8",
  wine: "wine 8 fails it; whether Windows does, no one has seen",
  keyring: "secrets of Windows are in files",
  links: "Windows lets only administrators make links",
  signals: "Windows has no signals",
} as const;

const isPosix = process.platform !== "win32";

/** As `it`, on Linux and macOS. */
export function onPosix(_why: keyof typeof WHY, title: string, test: Mocha.AsyncFunc | Mocha.Func): void {
  if (isPosix) it(title, test);
}

/** As `describe`, on Linux and macOS. */
export function suiteOnPosix(_why: keyof typeof WHY, title: string, suite: () => void): void {
  if (isPosix) describe(title, suite);
}

/** As `it`, on Linux, which has /proc and abstract sockets, and whose tools are GNU's. */
export function onLinux(title: string, test: Mocha.AsyncFunc | Mocha.Func): void {
  if (process.platform === "linux") it(title, test);
}
