import type { RenderedFix } from "../../doctor/fixes/render-fix.ts";
import type { LabFault } from "../lab/faults/lab-fault.ts";
import { waysOut } from "./doctor-fix.ts";

/** What became of the ways out that are not the one by which a fault is fixed. */
export interface OtherWays {
  cured: number;
  /** How many, by why. */
  readonly notRun: Map<string, number>;
}

/** Commands that nothing in the lab can run. */
const NOT_HERE: readonly (readonly [command: RegExp, why: string])[] = [
  [/^(?:vi|kubectl edit) /, "a hand in an editor"],
  [/^aws (?:sso login|login|configure)\b/, "a browser, or answers to questions"],
  [
    /^(?:eksctl|terraform|aws-vault|pipx|sudo|curl|nslookup)\b/,
    "programs that the lab does not have, or that only look",
  ],
  [
    /^aws (?:cloud9|sso-admin|iam get-access-key-last-used) /,
    "services and operations that the lab does not have",
  ],
];

/** Values that the reader chooses. */
const CHOSEN = /\b(?:role\/ROLE|ADMIN_ARN|USER|PROFILE|CODE)\b/;

/** Ways of a fault that another hand must go. */
const BY_HAND: readonly (readonly [row: string, says: RegExp, why: string])[] = [
  ["P7", /^Run the command as yourself/, "another command than the one that failed"],
  ["P7", /impersonate\.yaml/, "a user who is allowed more than the lab's"],
  ["E7", /delete it first/, "the tool that creates the entry anew"],
  ["K13", /^Fix the file in an editor/, "a hand in an editor"],
  ["L3", /^Or, if the default credentials/, "credentials of a default profile"],
  ["L19", /^In a pod/, "a pod or a CI job"],
  ["L20", /^Or run the plugin in the container/, "another container"],
  ["N7", /^Exclude the endpoint/, "a proxy, where the lab's own server has the other certificate"],
  ["N10", /^Wait until it is ready/, "time"],
];

/** The ways, by their place in the report, of which nothing has been carried out; those in words alone are for people. */
export function otherWaysOut(
  fixes: readonly RenderedFix[],
  done: readonly RenderedFix[],
): readonly (readonly [index: number, way: readonly RenderedFix[]])[] {
  const ways = waysOut(fixes).map((way, index) => [index, way] as const);
  return ways.filter(
    ([, way]) => !way.some((fix) => done.includes(fix)) && way.some(({ commands }) => commands.length > 0),
  );
}

/** Why the lab cannot carry out a way; undefined if it can. */
export function whyNotRun({ row, fix }: LabFault, way: readonly RenderedFix[]): string | undefined {
  const commands = way.flatMap(({ commands: all }) => all);
  const [, why] = NOT_HERE.find(([pattern]) => commands.some((command) => pattern.test(command))) ?? [];
  const [, , byHand] = BY_HAND.find(([of, says]) => of === row && says.test(way[0]?.description ?? "")) ?? [];
  const isFilled = fix !== undefined && "fill" in fix;
  const isChosen = !isFilled && commands.some((command) => CHOSEN.test(command));
  return why ?? byHand ?? (isChosen ? "values that the reader chooses" : undefined);
}
