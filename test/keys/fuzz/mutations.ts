import fc from "fast-check";
import { type CborTree, changedAt, rawTree, treeBytes } from "./cbor-tree.ts";

/** Items that are seldom where they are wanted: each type, huge lengths, and what no canonical CBOR has. RFC 8949, 3. */
const ODD_ITEMS = [
  ...["00", "01", "18ff", "1901f4", "1b001fffffffffffff", "1bffffffffffffffff", "20", "3bffffffffffffffff"],
  ...[
    "40",
    "4101",
    `5820${"5a".repeat(32)}`,
    "60",
    "6161",
    "6161",
    "64f09f9490",
    "80",
    "8101",
    "a0",
    "a10101",
  ],
  ...[
    "a1626964420102",
    "f4",
    "f5",
    "f6",
    "f7",
    "f93e00",
    "f97e00",
    "fb7ff0000000000000",
    "fb3ff199999999999a",
  ],
  ...["1800", "190001", "5800", "f93c00", "fa3f800000", "61ff", "62c328", "c000", "d9d9f7a0", "e0", "f820"],
  ...["9fff", "bf01ff", "5f4101ff", "7f6161ff", "ff", "1c", "5affffffff", "7affffffff", "9bffffffffffffffff"],
  ...[
    "9affffffff",
    "bbffffffffffffffff",
    "baffffffff",
    "5b0000000100000000",
    "a201010101",
    `${"81".repeat(500)}00`,
  ],
].map((hex) => Buffer.from(hex, "hex"));

const EDITS = ["replace", "replace", "drop", "twice", "swap", "flip", "resize", "nest"] as const;

/** One change of an item: `at` says which, `n` where in it. */
interface TreeEdit {
  readonly at: number;
  readonly how: (typeof EDITS)[number];
  readonly item: Uint8Array;
  readonly n: number;
}

interface ByteEdit {
  readonly at: number;
  readonly how: "flip" | "cut" | "insert" | "append";
  readonly byte: number;
}

/** How a genuine answer is spoilt. Most of them stay canonical CBOR, to reach what lies behind the decoder. */
export interface Mutation {
  readonly seed: number;
  readonly edits: readonly TreeEdit[];
  readonly noise: readonly ByteEdit[];
}

const treeEdit: fc.Arbitrary<TreeEdit> = fc.record({
  at: fc.nat(400),
  how: fc.constantFrom(...EDITS),
  item: fc.constantFrom(...ODD_ITEMS),
  n: fc.nat(2000),
});

const byteEdit: fc.Arbitrary<ByteEdit> = fc.record({
  at: fc.nat(2000),
  how: fc.constantFrom("flip", "cut", "insert", "append"),
  byte: fc.nat(255),
});

export const mutations: fc.Arbitrary<Mutation> = fc.record({
  seed: fc.nat(1000),
  edits: fc.array(treeEdit, { minLength: 1, maxLength: 3 }),
  noise: fc.oneof(
    { weight: 4, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.array(byteEdit, { minLength: 1, maxLength: 3 }) },
  ),
});

/** The longest CBOR that one message holds, behind its status byte. Source: token/fido2/CTAP.md, "Frames". */
const MAX_CBOR = 7608;

export function mutated(seeds: readonly CborTree[], { seed, edits, noise }: Mutation): Buffer {
  const start = seeds[seed % seeds.length];
  if (start === undefined) throw new Error("there is no genuine answer to begin with");
  const tree = edits.reduce(
    (spoilt, edit) => changedAt(spoilt, edit.at, (item) => edited(item, edit)),
    start,
  );
  return noise.reduce(noisy, treeBytes(tree)).subarray(0, MAX_CBOR);
}

function edited(item: CborTree, { how, item: odd, n }: TreeEdit): CborTree {
  const { kind, content, children } = item;
  const step = kind === "map" ? 2 : 1;
  const first = step * (children.length === 0 ? 0 : n % Math.ceil(children.length / step));
  const entry = children.slice(first, first + step);
  switch (how) {
    case "drop":
      return { ...item, children: children.toSpliced(first, step) };
    case "twice":
      return { ...item, children: [...children, ...entry] };
    case "swap":
      return { ...item, children: [...children.toSpliced(first, step), ...entry] };
    case "flip":
      return content.length === 0 ? item : { ...item, content: flipped(content, n) };
    case "resize":
      return { ...item, content: resized(content, n % (content.length * 2 + 8)) };
    case "nest":
      return { kind: "list", content, children: [item] };
    case "replace":
      return rawTree(odd);
  }
}

function resized(bytes: Uint8Array, size: number): Uint8Array {
  return Buffer.concat([bytes, Buffer.alloc(size, 1)]).subarray(0, size);
}

function flipped(bytes: Uint8Array, bit: number): Uint8Array {
  const copy = Buffer.from(bytes);
  const at = (bit >> 3) % copy.length;
  copy[at] = (copy[at] ?? 0) ^ (1 << (bit & 7));
  return copy;
}

function noisy(bytes: Buffer, { at, how, byte }: ByteEdit): Buffer {
  const place = bytes.length === 0 ? 0 : at % bytes.length;
  switch (how) {
    case "flip":
      return bytes.length === 0 ? bytes : Buffer.from(flipped(bytes, place * 8 + (byte & 7)));
    case "cut":
      return bytes.subarray(0, place);
    case "insert":
      return Buffer.concat([bytes.subarray(0, place), Buffer.from([byte]), bytes.subarray(place)]);
    case "append":
      return Buffer.concat([bytes, Buffer.from([byte])]);
  }
}
