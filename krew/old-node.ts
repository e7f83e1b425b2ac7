/**
 * Code that ends a program on a Node older than it needs, with words instead of a stack. It stands before everything else
 * in the file and is in the syntax of 2009, for an old Node has to read it; that the rest of the file can be parsed is the
 * bundler's part, since a module is read as a whole before it runs.
 *
 * Writing to stderr is synchronous on all platforms but for Windows' terminals, where libuv is too; so nothing is cut off.
 */
export function oldNodeGuard(engines: string): string {
  const [, major, minor] = /^>=(\d+)\.(\d+)$/.exec(engines) ?? [];
  if (major === undefined || minor === undefined) throw new Error(`"${engines}" is not like ">=22.19"`);
  const message = [
    `"error: kubectl-vouch needs Node ${major}.${minor} or newer, and this is Node "+v+" ("+process.execPath+").\\n`,
    "Install it with a Node of its own, `kubectl krew install vouch`, or install a newer Node: https://nodejs.org/en/download",
    `\\n"`,
  ].join("");
  return (
    `(function(){var v=process.versions.node,p=v.split(".");` +
    `if(+p[0]<${major}||+p[0]===${major}&&+p[1]<${minor}){process.stderr.write(${message});process.exit(1)}})();`
  );
}
