/** An entry of a tar, such as none of our packers makes. */
export interface TarParts {
  readonly name: string;
  readonly content?: string;
  /** Type flag: "0" a file, "1" a hard link, "2" a symbolic link, "5" a folder, "x" a pax header. */
  readonly type?: string;
  readonly mode?: number;
  readonly prefix?: string;
  /** Size it claims, in bytes. */
  readonly size?: number;
}

/** Builds a tar of such entries, with its end mark. */
export function tarBytes(entries: readonly TarParts[]): Buffer {
  return Buffer.concat([...entries.map(entryBytes), Buffer.alloc(1024)]);
}

function entryBytes({ name, content = "", type = "0", mode = 0o644, prefix = "", size }: TarParts): Buffer {
  const bytes = Buffer.alloc(512 + Math.ceil(content.length / 512) * 512);
  const octal = (value: number, width: number) => value.toString(8).padStart(width, "0");
  bytes.write(name, 0);
  bytes.write(`${octal(mode, 7)}\0${octal(0, 7)}\0${octal(0, 7)}\0`, 100);
  bytes.write(`${octal(size ?? content.length, 11)}\0${octal(0, 11)}\0        ${type}`, 124);
  if (type === "2" || type === "1") bytes.write("kubectl-vouch", 157);
  bytes.write("ustar\x0000", 257);
  bytes.write(prefix, 345);
  bytes.write(
    `${octal(
      bytes.subarray(0, 512).reduce((sum, byte) => sum + byte, 0),
      6,
    )}\0 `,
    148,
  );
  bytes.write(content, 512);
  return bytes;
}
