/** Facts from `fstat` that distinguish a file, and each state of its contents, from every other. */
interface FileFacts {
  readonly dev: bigint;
  readonly ino: bigint;
  readonly size: bigint;
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
}

/** The identity of a missing file, which is a state like any other. */
export const NO_FILE = "-";

/** `dev.ino.size.mtime.ctime`, in decimal, times in nanoseconds since 1970: same text, same contents. */
export function fileIdentity({ dev, ino, size, mtimeNs, ctimeNs }: FileFacts): string {
  return `${dev}.${ino}.${size}.${mtimeNs}.${ctimeNs}`;
}
