import { type ClusterInfo, ITS_INFO } from "./cluster-infos.ts";
import type { randomNumbers } from "./mutations.ts";

type Random = ReturnType<typeof randomNumbers>;
type Mutation = (info: ClusterInfo, random: Random) => ClusterInfo;

function pick<T>(items: readonly T[], random: Random): T {
  return items[random(items.length)] as T;
}

/** What parsers of addresses disagree about, and what looks like our host. */
const PIECES = [
  ...[
    "@",
    ":",
    "/",
    "\\",
    "?",
    "#",
    "%2e",
    "%00",
    "[",
    "]",
    ".",
    "..",
    "-",
    " ",
    "\t",
    "\n",
    "\0",
    "\u3002",
    "\u00ad",
  ],
  ...[
    "evil.example",
    "user:pw@",
    ":443",
    ":8443@",
    "//",
    "https://",
    "http://",
    "\ud800",
    "Ａ",
    "xn--",
    "0x7f",
  ],
];

const VALUES = [undefined, null, "", "x", 0, 1, true, false, [], {}, ["x"]];

const FIELDS = [
  "server",
  "tls-server-name",
  "certificate-authority-data",
  "insecure-skip-tls-verify",
  "config",
  "Server",
];

function changedText(text: string, random: Random): string {
  const at = random(text.length + 1);
  const insert = pick(PIECES, random);
  return pick(
    [
      () => text.slice(0, at) + insert + text.slice(at),
      () => text.slice(0, at) + insert + text.slice(at + 1),
      () => text.slice(0, at),
      () => text.slice(at),
      () => insert + text,
      () => text + insert,
      () => text.toUpperCase(),
      () => text.toLowerCase(),
      () => text + text,
    ],
    random,
  )();
}

const MUTATIONS: readonly Mutation[] = [
  (info) => info,
  (info, random) => ({ ...info, server: changedText(String(info["server"]), random) }),
  (info, random) => ({
    ...info,
    server: `${String(info["server"])}${pick(["/", ":443", "/x", "?y", "#z", ""], random)}`,
  }),
  (info, random) => {
    const host = String(info["server"]).replace(/^https:\/\//, "");
    const name = random(3) === 0 ? changedText(host, random) : host;
    return {
      ...info,
      server: pick(["https://localhost:8443", "http://localhost", "localhost"], random),
      "tls-server-name": name,
    };
  },
  (info, random) => ({
    ...info,
    "certificate-authority-data": changedText(String(info["certificate-authority-data"]), random),
  }),
  (info, random) => ({ ...info, "insecure-skip-tls-verify": pick([true, false], random) }),
  (info, random) => ({ ...info, "proxy-url": pick(["http://proxy:1", "socks5://[::1]:1"], random) }),
  (info, random) => ({ ...info, [pick(FIELDS, random)]: pick(VALUES, random) }),
  (info, random) => Object.fromEntries(Object.entries(info).filter(() => random(4) > 0)),
  (info) => Object.fromEntries(Object.entries(info).reverse()),
];

/** client-go's description of the recorded cluster, after none to three random changes at random places. */
export function mutatedClusterInfo(random: Random): unknown {
  let info = ITS_INFO;
  for (let left = random(4); left > 0; left -= 1) info = pick(MUTATIONS, random)(info, random);
  return random(50) === 0 ? pick(VALUES, random) : info;
}
