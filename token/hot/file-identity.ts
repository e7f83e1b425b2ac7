/** What tells a file, and each state of its contents, from every other, as `fstat` says it. */
interface FileFacts {
  readonly dev: bigint;
  readonly ino: bigint;
  readonly size: bigint;
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
}

/** There is no such file: a state as any other. */
export const NO_FILE = "-";

/** `dev.ino.size.mtime.ctime`, in decimal, times in nanoseconds since 1970: the same text, the same contents. */
export function fileIdentity({ dev, ino, size, mtimeNs, ctimeNs }: FileFacts): string {
  return `${dev}.${ino}.${size}.${mtimeNs}.${ctimeNs}`;
}
