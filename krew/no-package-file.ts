/**
 * What yargs gets for finding a package.json (escalade) in what is shipped: none. It looks for its program's version from
 * the current folder upwards, reads what it finds there, and waits forever where that is a pipe.
 */
export default function noPackageFile(): undefined {
  return undefined;
}
