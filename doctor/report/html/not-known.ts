import { renderCommand, type Shell } from "../../../token/command/render-command.ts";
import type { DoctorReport, ReportedSuspicion } from "../report-schema.ts";
import { audienceWords, causeCodes, nextStep } from "../words.ts";
import { isProse } from "./chain-map.ts";
import { bullets, el, type HtmlElement, labelled, type Optional, withCode } from "./node.ts";
import { capitalized, toCopy } from "./to-copy.ts";
import { webLinks } from "./web-links.ts";

/** What to collect next where nothing explains the failure, as one block. */
export function nextCard(
  report: DoctorReport,
  {
    isPage,
    shell = "bash",
    client = "",
  }: { readonly isPage: boolean; readonly shell?: Shell; readonly client?: string },
): Optional<HtmlElement> {
  const { healthy, rootCauses, unknown, context } = report;
  const wanted = unknown?.fetchNext ?? [];
  if (healthy || rootCauses.length > 0 || wanted.length === 0) return undefined;
  const commandsOf = (source: string) =>
    isProse(source) ? quotedIn(source).filter((quoted) => !isProse(quoted)) : [source];
  const commands = wanted.flatMap(({ command }) => commandsOf(command));
  const prose = wanted.filter(({ command }) => commandsOf(command).length === 0);
  const pager = renderCommand({ kind: "set-variable", name: "AWS_PAGER", value: "" }, shell);
  const isPaged = commands.some((command) => command.startsWith("aws ")) && "line" in pager;
  const lines = isPaged ? [pager.line, ...commands] : commands;
  // Without a failed call, the symptom is a sentence.
  const step = unknown?.symptom.includes(" ") ? 1 : context === undefined ? 2 : 3;
  return el(
    "section",
    { class: "card next" },
    isPage &&
      el(
        "p",
        { class: "steps", "aria-hidden": "true" },
        ...[1, 2, 3].map((at) => el("span", { class: at < step ? "done" : at === step ? "now" : "later" })),
      ),
    el("h2", {}, isPage ? `Step ${step} of 3` : "Next step"),
    isPage && context === undefined && clientChoice(client),
    lines.length > 0 && el("p", {}, nextStep(unknown?.runWhere ?? "")),
    lines.length > 0 && toCopy("What to run next", lines.join("\n")),
    prose.length > 0 && el("p", {}, lines.length > 0 ? "Also collect:" : "Collect next:"),
    prose.length > 0 && bullets(prose.map(({ command }) => command)),
  );
}

/** Clients whose next step differs, by the names that the evidence has. */
const CLIENTS: Readonly<Record<string, string>> = {
  "": "kubectl",
  terraform: "Terraform",
  "argo cd": "Argo CD",
  "github actions": "GitHub Actions",
  helm: "Helm",
  k9s: "k9s",
  lens: "Lens",
};

function clientChoice(chosen: string): HtmlElement {
  return el(
    "ul",
    { class: "examples clients", "aria-label": "What fails" },
    ...Object.entries(CLIENTS).map(([value, label]) =>
      el(
        "li",
        {},
        el("button", { type: "button", value, "aria-pressed": value === chosen ? "true" : "false" }, label),
      ),
    ),
  );
}

/** What stands between backticks. */
function quotedIn(sentence: string): string[] {
  return sentence.split("`").filter((_, index) => index % 2 === 1);
}

/** How many suspicions are shown before the others are unfolded. */
const FIRST_SUSPICIONS = 3;

export function suspicionList(suspicions: readonly ReportedSuspicion[]): HtmlElement {
  const others = suspicions.slice(FIRST_SUSPICIONS);
  const words = others.length === 1 ? "1 more possible cause" : `${others.length} more possible causes`;
  return el(
    "ol",
    { class: "suspicions" },
    ...suspicions.slice(0, FIRST_SUSPICIONS).map(suspicionItem),
    others.length > 0 &&
      el(
        "li",
        { class: "others" },
        el(
          "details",
          {},
          el("summary", { class: "more" }, words),
          el("ol", {}, ...others.map(suspicionItem)),
        ),
      ),
  );
}

function suspicionItem({
  causes,
  summary,
  hints,
  audience,
  confirmedBy,
  pages,
}: ReportedSuspicion): HtmlElement {
  return el(
    "li",
    {},
    el(
      "details",
      {},
      el("summary", {}, el("span", {}, ...withCode(summary))),
      hints.length > 0 && bullets(hints),
      labelled(capitalized(audienceWords(audience)), confirmedBy),
      el("p", { class: "small" }, causeCodes(causes), ...webLinks(pages)),
    ),
  );
}
