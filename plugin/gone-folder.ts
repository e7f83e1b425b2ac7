/**
 * Leaves a current folder that has been removed, as may happen to a program that runs kubectl for days. The full program cannot
 * start in such a folder: it asks for the current one when it is loaded.
 */
export function leaveGoneFolder(): void {
  try {
    process.cwd();
  } catch {
    process.chdir("/");
  }
}
