import { decodedText } from "../../token/files/encoding.ts";
import { notText } from "./file-text.ts";
import { MAX_BYTES } from "./limits.ts";
import type { SentText } from "./messages.ts";

/** The most files that are read of one archive. */
const MOST_FILES = 200;

/** The texts in a file: one, those of an archive, or none and why. */
export async function unpacked(name: string | undefined, file: Blob): Promise<SentText<string>[]> {
  const problem = (why: string): SentText<string>[] => [{ name, text: "", problem: why }];
  try {
    const bytes = new Uint8Array(await file.arrayBuffer());
    if (bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3 && bytes[3] === 4)
      return await zipTexts(name, bytes);
    const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
    const plain = isGzip ? await inflated(file, "gzip", MAX_BYTES) : bytes;
    const other = notText(plain);
    return other === undefined ? [{ name, text: decodedText(plain) }] : problem(other);
  } catch (error) {
    return problem(error instanceof Unreadable ? error.message : "it is damaged");
  }
}

class Unreadable extends Error {}

/** Inflates, and stops as soon as there is more than the limit: what is packed may be a bomb. */
async function inflated(
  packed: Blob,
  format: "gzip" | "deflate-raw",
  most: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const reader = packed.stream().pipeThrough(new DecompressionStream(format)).getReader();
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    size += next.value.length;
    if (size > most) {
      await reader.cancel();
      throw new Unreadable(`it unpacks to more than ${MAX_BYTES / 1_000_000} MB`);
    }
    chunks.push(next.value);
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}

interface ZipEntry {
  readonly name: string;
  readonly method: number;
  readonly isEncrypted: boolean;
  readonly packed: Uint8Array<ArrayBuffer>;
}

/** The texts of a ZIP archive; an archive within it is not opened. All together they have a limit. */
async function zipTexts(
  archive: string | undefined,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<SentText<string>[]> {
  const texts: SentText<string>[] = [];
  let left = MAX_BYTES;
  for (const { name: inner, method, isEncrypted, packed } of zipEntries(bytes)) {
    const name = archive === undefined ? inner : `${archive}/${inner}`;
    if (inner.endsWith("/") || inner.startsWith("__MACOSX/")) continue;
    if (isEncrypted || (method !== 0 && method !== 8)) {
      texts.push({
        name,
        text: "",
        problem: isEncrypted ? "it is encrypted" : "its compression method is not supported",
      });
      continue;
    }
    const plain = method === 0 ? packed : await inflated(new Blob([packed]), "deflate-raw", left);
    left -= plain.length;
    if (left < 0) throw new Unreadable(`it unpacks to more than ${MAX_BYTES / 1_000_000} MB`);
    const isPacked = /^(?:504b0304|1f8b)/.test(
      [...plain.subarray(0, 4)].map((one) => one.toString(16).padStart(2, "0")).join(""),
    );
    const problem = isPacked ? "an archive within an archive: unpack it, and drop the files" : notText(plain);
    texts.push(problem === undefined ? { name, text: decodedText(plain) } : { name, text: "", problem });
  }
  if (texts.length === 0) throw new Unreadable("an archive without files");
  return texts;
}

/**
 * The entries of a ZIP archive, by its central directory. Source: PKWARE, APPNOTE.TXT, 4.3.
 */
function zipEntries(bytes: Uint8Array<ArrayBuffer>): ZipEntry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = endOfDirectory(view);
  const count = view.getUint16(end + 10, true);
  if (count > MOST_FILES)
    throw new Unreadable(`an archive of ${count} files; at most ${MOST_FILES} are read`);
  const entries: ZipEntry[] = [];
  let at = view.getUint32(end + 16, true);
  for (let index = 0; index < count; index++) {
    if (view.getUint32(at, true) !== 0x02014b50) throw new Unreadable("a damaged ZIP archive");
    const nameLength = view.getUint16(at + 28, true);
    const local = view.getUint32(at + 42, true);
    const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
    entries.push({
      name: new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength)),
      method: view.getUint16(at + 10, true),
      isEncrypted: (view.getUint16(at + 8, true) & 1) === 1,
      packed: bytes.subarray(start, start + view.getUint32(at + 20, true)),
    });
    at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return entries;
}

/** Where the record is that ends the directory: before it there is at most a comment. */
function endOfDirectory(view: DataView): number {
  const last = view.byteLength - 22;
  for (let at = last; at >= Math.max(0, last - 0xffff); at--)
    if (view.getUint32(at, true) === 0x06054b50) return at;
  throw new Unreadable("a damaged ZIP archive");
}
