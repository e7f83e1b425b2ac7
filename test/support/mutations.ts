/** Random numbers that are the same for the same seed: mulberry32. */
export function randomNumbers(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

type Random = ReturnType<typeof randomNumbers>;
type Mutation = (bytes: Buffer, random: Random) => Buffer;

/** What means something to JSON, to UTF-8, or to our files. */
const WORDS: readonly (string | readonly number[])[] = [
  ...['"', "\\", "{", "}", "[", "]", ",", ":", " ", "\n", "\0", "null", "true", "-", "+", "0", "e9", ".5"],
  ...[
    "1e999",
    "-1e999",
    "1e-999",
    "9007199254740993",
    "9".repeat(400),
    "0x10",
    "01",
    "-0",
    "NaN",
    "Infinity",
  ],
  ...[
    "\\ud800",
    "\\udc00\\ud800",
    "\\u0000",
    "\\u002",
    "\\x41",
    "\\/",
    "\\",
    "é",
    "€",
    "𝄞",
    "\ufeff",
    "\u2028",
  ],
  ...[
    '"__proto__":{"key":1},',
    '"constructor":1,',
    '"key":"x",',
    '"token":"k8s-aws-v1.other",',
    '"expires":1,',
  ],
  ...['"version":1,', '"servers":{},', '"end":1e15,', '"id":"../../x",', "//", "/**/", "'"],
  [0xff],
  [0xc0, 0xaf],
  [0xed, 0xa0, 0x80],
  [0xe2, 0x82],
  [0xf4, 0x90, 0x80, 0x80],
  [0x80],
];

const DEPTHS = [1, 10, 100, 1000, 10_000, 30_000];

function spliced(bytes: Buffer, start: number, removed: number, inserted: Buffer): Buffer {
  return Buffer.concat([bytes.subarray(0, start), inserted, bytes.subarray(start + removed)]);
}

/** A piece of up to `longest` bytes. */
function piece(bytes: Buffer, random: Random, longest = 40): [start: number, length: number] {
  const start = random(bytes.length + 1);
  return [start, Math.min(random(longest) + 1, bytes.length - start)];
}

/** Changes the text as JSON where it is JSON, else leaves it. */
function asJson(change: (value: Record<string, unknown>, random: Random) => string): Mutation {
  return (bytes, random) => {
    try {
      return Buffer.from(change(JSON.parse(bytes.toString()) as Record<string, unknown>, random));
    } catch {
      return bytes;
    }
  };
}

const MUTATIONS: readonly Mutation[] = [
  function flipBit(bytes, random) {
    const copy = Buffer.from(bytes);
    const at = random(bytes.length || 1);
    if (at < copy.length) copy[at] = (copy[at] ?? 0) ^ (1 << random(8));
    return copy;
  },
  function setByte(bytes, random) {
    return bytes.length === 0 ? bytes : spliced(bytes, random(bytes.length), 1, Buffer.of(random(256)));
  },
  function truncate(bytes, random) {
    return bytes.subarray(0, random(bytes.length + 1));
  },
  function remove(bytes, random) {
    return spliced(bytes, ...piece(bytes, random), Buffer.of());
  },
  function repeat(bytes, random) {
    const [start, length] = piece(bytes, random);
    return spliced(bytes, start, 0, bytes.subarray(start, start + length));
  },
  function move(bytes, random) {
    const [start, length] = piece(bytes, random);
    const moved = bytes.subarray(start, start + length);
    const rest = spliced(bytes, start, length, Buffer.of());
    return spliced(rest, random(rest.length + 1), 0, moved);
  },
  function insertWord(bytes, random) {
    const word = WORDS[random(WORDS.length)] ?? "";
    const at = random(bytes.length + 1);
    return spliced(
      bytes,
      at,
      random(2) * random(4),
      typeof word === "string" ? Buffer.from(word) : Buffer.from(word),
    );
  },
  function insertNoise(bytes, random) {
    const noise = Buffer.from(Array.from({ length: random(30) + 1 }, () => random(256)));
    return spliced(bytes, random(bytes.length + 1), 0, noise);
  },
  function nest(bytes, random) {
    const depth = DEPTHS[random(DEPTHS.length)] ?? 1;
    const open = Buffer.from(["[", '{"a":', "[[],"][random(3)]?.repeat(depth) ?? "");
    const close = random(2) === 0 ? Buffer.of() : Buffer.from("]".repeat(depth));
    return Buffer.concat([bytes.subarray(0, random(2) * random(bytes.length + 1)), open, bytes, close]);
  },
  function fill(bytes, random) {
    const length = 64 * 1024 - 2 + random(4);
    return length <= bytes.length ? bytes : Buffer.concat([bytes, Buffer.alloc(length - bytes.length, " ")]);
  },
  function replaceNumber(bytes, random) {
    const numbers = [
      "1e999",
      "0",
      "-1",
      "1e15",
      "253402300799999",
      "253402300800000",
      "1.5",
      "9".repeat(300),
      '"1"',
    ];
    const text = bytes.toString("latin1");
    const found = [...text.matchAll(/\d{2,}/g)];
    const chosen = found[random(found.length || 1)];
    if (chosen === undefined) return bytes;
    const value = Buffer.from(numbers[random(numbers.length)] ?? "");
    return spliced(bytes, chosen.index, chosen[0].length, value);
  },
  function escapeLetter(bytes, random) {
    const at = random(bytes.length || 1);
    const letter = bytes[at] ?? 0x61;
    const escaped = `\\u${letter.toString(16).padStart(4, "0")}`;
    return spliced(
      bytes,
      at,
      1,
      Buffer.from(random(2) ? escaped : escaped.toUpperCase().replace("\\U", "\\u")),
    );
  },
  asJson(function reorder(value, random) {
    const entries = Object.entries(value);
    entries.sort(() => random(3) - 1);
    return JSON.stringify(Object.fromEntries(entries), undefined, random(3));
  }),
  asJson(function duplicateField(value, random) {
    const entries = Object.entries(value);
    const [name = "", given] = entries[random(entries.length || 1)] ?? [];
    const others = ["x", 1, null, true, [], {}, given];
    const double = `${JSON.stringify(name)}:${JSON.stringify(others[random(others.length)] ?? null)}`;
    const text = JSON.stringify(value);
    return random(2) ? `{${double},${text.slice(1)}` : `${text.slice(0, -1)},${double}}`;
  }),
  asJson(function changeField(value, random) {
    const names = Object.keys(value);
    const name = names[random(names.length || 1)] ?? "x";
    const others = ["", "x", 0, -1, 1e300, null, true, [], {}, [value[name]], { [name]: value[name] }];
    return JSON.stringify({ ...value, [name]: others[random(others.length)] });
  }),
  asJson(function swapFields(value, random) {
    const names = Object.keys(value);
    const first = names[random(names.length || 1)] ?? "x";
    const second = names[random(names.length || 1)] ?? "y";
    return JSON.stringify({ ...value, [first]: value[second], [second]: value[first] });
  }),
  asJson(function escapeAll(value, random) {
    const escaped = (text: string) =>
      [...text]
        .map((letter) => (random(4) ? letter : `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`))
        .join("");
    return JSON.stringify(value).replaceAll(/[A-Za-z0-9]+(?=[^"]*")/g, (text) =>
      random(3) ? text : escaped(text),
    );
  }),
];

/** The bytes after one to four changes of random kinds at random places. */
export function mutated(bytes: Buffer, random: Random): Buffer {
  let changed = bytes;
  for (let left = random(4); left >= 0; left--) {
    changed = (MUTATIONS[random(MUTATIONS.length)] as Mutation)(changed, random);
  }
  return changed;
}
