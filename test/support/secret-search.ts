import fs from "node:fs";
import path from "node:path";

/** Something that must not be revealed. */
export interface Secret {
  readonly name: string;
  /** Text as it would be printed; or bytes, which have no other plain form. */
  readonly value: string | Uint8Array;
}

/** Where to look: a stream, a file, a command line. */
export interface Place {
  readonly name: string;
  readonly content: string | Uint8Array;
  /** The prefixes of the names of secrets that may be there. */
  readonly mayHold?: readonly string[];
}

export interface Leak {
  readonly place: string;
  readonly secret: string;
  readonly encoding: string;
}

/**
 * This many characters of a secret, in any encoding, count as the secret. A longer run is found wherever it begins; a secret that
 * is shorter than this is looked for as a whole.
 */
const PIECE = 16;

/** The distance between pieces: of a truncated leak, this many plus PIECE characters suffice. */
const STRIDE = 8;

/**
 * Finds secrets, whole or cut: as they are, in base64 and base64url at every alignment, percent-encoded, in hexadecimal.
 * Each encoding of a secret is reported once per place.
 */
export function findLeaks(secrets: readonly Secret[], places: readonly Place[]): Leak[] {
  const clues = secrets.flatMap(cluesOf);
  const short = clues.filter(({ text }) => text.length < PIECE);
  const pieces = new Map<string, Clue[]>();
  for (const clue of clues) {
    if (clue.text.length < PIECE) continue;
    for (const piece of piecesOf(clue.text)) pieces.set(piece, [...(pieces.get(piece) ?? []), clue]);
  }
  return places.flatMap(({ name, content, mayHold = [] }) => {
    const text = Buffer.from(content).toString("latin1");
    const found = new Map<string, Leak>();
    const tell = ({ secret, encoding }: Clue) => {
      if (mayHold.some((prefix) => secret.startsWith(prefix))) return;
      found.set(`${secret}\n${encoding}`, { place: name, secret, encoding });
    };
    for (const clue of short) if (text.includes(clue.text)) tell(clue);
    for (let at = 0; at + PIECE <= text.length; at++) {
      for (const clue of pieces.get(text.slice(at, at + PIECE)) ?? []) tell(clue);
    }
    return [...found.values()];
  });
}

/** Every file below a folder, hidden ones too, by its path in there; symbolic links are not followed. */
export function filesBelow(
  folder: string,
  { mayHold = () => [] }: { readonly mayHold?: (file: string) => readonly string[] } = {},
): Place[] {
  return fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const file = path.join(entry.parentPath, entry.name);
      const name = path.relative(folder, file);
      return { name, content: fs.readFileSync(file), mayHold: mayHold(name) };
    });
}

/** A secret in one of its encodings. */
interface Clue {
  readonly secret: string;
  readonly encoding: string;
  readonly text: string;
}

function cluesOf({ name, value }: Secret): Clue[] {
  const bytes = Buffer.from(value);
  const spelled: [string, string][] = [
    ["plain", bytes.toString("latin1")],
    ["hexadecimal", bytes.toString("hex")],
    ["hexadecimal", bytes.toString("hex").toUpperCase()],
    ["percent-encoded", percentEncoded(bytes)],
    ["percent-encoded", percentEncoded(bytes, /never/)],
    ...[0, 1, 2].flatMap((offset): [string, string][] => [
      ["base64", alignedBase64(bytes, offset, "base64")],
      ["base64url", alignedBase64(bytes, offset, "base64url")],
    ]),
  ];
  const seen = new Set<string>();
  return spelled
    .filter(([, text]) => text !== "" && !seen.has(text) && seen.add(text))
    .map(([encoding, text]) => ({ secret: name, encoding, text }));
}

/** Source: RFC 3986, 2.1 and 2.3; some encode the letters as well. */
export function percentEncoded(bytes: Uint8Array, kept = /[\w.~-]/): string {
  return [...bytes]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      return kept.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
    })
    .join("");
}

/** The characters that do not depend on what comes before and after, `offset` bytes into a group of three. */
function alignedBase64(bytes: Buffer, offset: number, encoding: "base64" | "base64url"): string {
  const padded = Buffer.concat([Buffer.alloc(offset), bytes]);
  const [start, end] = [Math.ceil((offset * 8) / 6), Math.floor((padded.length * 8) / 6)];
  return padded.toString(encoding).slice(start, end);
}

function piecesOf(text: string): string[] {
  const starts = Array.from(
    { length: Math.floor((text.length - PIECE) / STRIDE) + 1 },
    (_, index) => index * STRIDE,
  );
  return [...starts, text.length - PIECE].map((start) => text.slice(start, start + PIECE));
}
