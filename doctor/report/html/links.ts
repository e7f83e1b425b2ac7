import type { DoctorReport } from "../report-schema.ts";

type Link = DoctorReport["chain"][number];

/** A link of the chain, to be drawn. */
export interface DrawnLink extends Pick<Link, "missing"> {
  readonly name: Link["stage"];
  readonly state: LinkState;
  /** What was found here: the sentences of its causes. */
  readonly found: readonly string[];
  /** What its checks saw to be as it must be. */
  readonly seen: readonly string[];
}

export type LinkState =
  | "broken"
  | "perhaps"
  | "suspected"
  | "refusing"
  | "proved"
  | "sound"
  | "behind"
  | "unseen";

/** The states in words: no state is shown by color alone. */
export const STATE_WORDS: Readonly<Record<LinkState, string>> = {
  broken: "broken here",
  perhaps: "perhaps broken",
  suspected: "suspected",
  refusing: "access fails here",
  proved: "works",
  sound: "no fault seen",
  behind: "not reached",
  unseen: "not checked",
};

/** Signs beside the words, from characters that every font has. */
export const STATE_SIGNS: Readonly<Record<LinkState, string>> = {
  broken: "✗",
  perhaps: "!",
  suspected: "?",
  refusing: "✗",
  proved: "✓",
  sound: "·",
  behind: "–",
  unseen: "?",
};

/** How many suspicions are marked in the chain: the likeliest. */
const SUSPECTED = 3;

/** The links of a report, in order; the client is one of them if it is what is broken. */
export function drawnLinks({ chain, rootCauses, suspicions, checked }: DoctorReport): DrawnLink[] {
  const causesAt = (stage: Link["stage"]) => rootCauses.filter((cause) => cause.stage === stage);
  const suspected = new Set(suspicions.slice(0, SUSPECTED).flatMap(({ causes }) => causes));
  const isSuspected = (at: Link["stage"]) =>
    rootCauses.length === 0 &&
    checked.undecided.some(
      ({ stage, causes }) => stage === at && causes.some((cause) => suspected.has(cause)),
    );
  const seenAt = (at: Link["stage"]) =>
    checked.passed.filter(({ stage }) => stage === at).map(({ expects }) => expects);
  const stateOf = (link: Link, index: number): LinkState => {
    const confidences = causesAt(link.stage).map(({ confidence }) => confidence);
    if (confidences.some((confidence) => confidence !== "possible")) return "broken";
    if (confidences.length > 0) return "perhaps";
    if (link.state === "broken") return "refusing";
    if (link.state === "proved") return "proved";
    const first = chain.findIndex(({ state }) => state === "broken");
    if (first >= 0 && index > first) return "behind";
    if (isSuspected(link.stage)) return "suspected";
    return link.looked > 0 ? "sound" : "unseen";
  };
  const links = chain.map((link, index) => ({
    name: link.stage,
    state: stateOf(link, index),
    found: causesAt(link.stage).map(({ summary }) => summary),
    seen: seenAt(link.stage),
    missing: link.missing,
  }));
  const ofClient = causesAt("client");
  if (ofClient.length === 0) return links;
  const isSure = ofClient.some(({ confidence }) => confidence !== "possible");
  const state = isSure ? "broken" : "perhaps";
  return [
    ...links,
    {
      name: "client",
      state,
      found: ofClient.map(({ summary }) => summary),
      seen: seenAt("client"),
      missing: [],
    },
  ];
}
