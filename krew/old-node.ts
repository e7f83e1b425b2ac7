/**
 * Code that ends a program on a Node older than it needs, with a message instead of a stack. It stands before everything else in
 * the file and uses the syntax of 2009, because an old Node has to read it. A module is parsed as a whole before it runs, so the
 * bundler must make sure that the rest of the file can be parsed too.
 *
 * Writing to stderr is synchronous on all platforms, except for terminals on Windows, where libuv makes it so; so nothing is cut
 * off.
 */
export function oldNodeGuard(engines: string): string {
  const [, major, minor] = /^>=(\d+)\.(\d+)$/.exec(engines) ?? [];
  if (major === undefined || minor === undefined) throw new Error(`"${engines}" is not like ">=22.19"`);
  const message = [
    `"error: kubectl-vouch needs Node ${major}.${minor} or newer, but this is Node "+v+" ("+process.execPath+").\\n`,
    "Install kubectl-vouch with a bundled Node (`kubectl krew install vouch`), or install a newer Node: https://nodejs.org/en/download",
    `\\n"`,
  ].join("");
  return (
    `(function(){var v=process.versions.node,p=v.split(".");` +
    `if(+p[0]<${major}||+p[0]===${major}&&+p[1]<${minor}){process.stderr.write(${message});process.exit(1)}})();`
  );
}
