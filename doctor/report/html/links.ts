import type { DoctorReport } from "../report-schema.ts";

type Link = DoctorReport["chain"][number];

/** A link of the chain, to be drawn. */
export interface DrawnLink {
  readonly name: Link["stage"];
  readonly state: LinkState;
  /** `E3, E5`; empty where nothing was found. */
  readonly causes: string;
  /** `5 of 7 checks had their evidence`; empty where no check applies. */
  readonly looked: string;
}

export type LinkState = "broken" | "perhaps" | "refusing" | "proved" | "sound" | "behind" | "unseen";

/** The states in words: no state is shown by color alone. */
export const STATE_WORDS: Readonly<Record<LinkState, string>> = {
  broken: "broken here",
  perhaps: "perhaps broken",
  refusing: "refuses here",
  proved: "proved",
  sound: "no fault seen",
  behind: "not reached",
  unseen: "not looked at",
};

/** Signs beside the words, from characters that every font has. */
export const STATE_SIGNS: Readonly<Record<LinkState, string>> = {
  broken: "✗",
  perhaps: "!",
  refusing: "✗",
  proved: "✓",
  sound: "·",
  behind: "–",
  unseen: "?",
};

/** The links of a report, in order; the client is one of them if it is what is broken. */
export function drawnLinks({ chain, rootCauses }: Pick<DoctorReport, "chain" | "rootCauses">): DrawnLink[] {
  const confidenceAt = (stage: Link["stage"]) =>
    rootCauses.filter((cause) => cause.stage === stage).map(({ confidence }) => confidence);
  const stateOf = (link: Link, index: number): LinkState => {
    const confidences = confidenceAt(link.stage);
    if (confidences.some((confidence) => confidence !== "possible")) return "broken";
    if (confidences.length > 0) return "perhaps";
    if (link.state === "broken") return "refusing";
    if (link.state === "proved") return "proved";
    const first = chain.findIndex(({ state }) => state === "broken");
    if (first >= 0 && index > first) return "behind";
    return link.looked > 0 ? "sound" : "unseen";
  };
  const links = chain.map((link, index) => ({
    name: link.stage,
    state: stateOf(link, index),
    causes: link.causes.join(", "),
    looked: lookedWords(link),
  }));
  const ofClient = rootCauses.filter(({ stage }) => stage === "client");
  const [first] = ofClient;
  if (first === undefined) return links;
  const causes = ofClient.map(({ cause }) => cause).join(", ");
  const isSure = ofClient.some(({ confidence }) => confidence !== "possible");
  return [...links, { name: "client", state: isSure ? "broken" : "perhaps", causes, looked: "" }];
}

function lookedWords({ checks, looked }: Link): string {
  if (checks === 0) return "";
  return `${looked} of ${checks} ${checks === 1 ? "check" : "checks"} had ${checks === 1 ? "its" : "their"} evidence`;
}
