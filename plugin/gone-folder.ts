/**
 * A current folder may have been removed, as under a program that runs kubectl for days. The full program cannot start
 * in such a one: yargs asks where it is when it is loaded.
 */
export function leaveGoneFolder(): void {
  try {
    process.cwd();
  } catch {
    process.chdir("/");
  }
}
