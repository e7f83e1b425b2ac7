/**
 * The mark in a Node binary that tells it whether it contains a program.
 *
 * Source: Node's documentation of single-executable applications, and `POSTJECT_SENTINEL_FUSE` in src/node_sea.cc.
 */
export const SENTINEL_FUSE = "NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2";

/** What is wrong with the mark of a finished single executable; empty if it occurs once, and is set. */
export function fuseProblems(file: Buffer): string[] {
  const states: string[] = [];
  const mark = Buffer.from(`${SENTINEL_FUSE}:`);
  for (let at = file.indexOf(mark); at >= 0; at = file.indexOf(mark, at + 1)) {
    states.push(file.toString("latin1", at + mark.length, at + mark.length + 1));
  }
  if (states.length === 0) return ["has no fuse of a Node single executable"];
  if (states.length > 1) return [`has ${states.length} fuses of a Node single executable, expected one`];
  return states[0] === "1"
    ? []
    : [`its fuse is in state "${states[0]}", expected "1": no program was injected`];
}
