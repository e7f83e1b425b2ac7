import type { Rule } from "../../doctor/rule.ts";
import { RETIRED_CODES } from "../../doctor/rules/index.ts";
import { VouchError } from "../../token/errors.ts";
import type { App } from "../app.ts";
import { nearestName, rulesNamed } from "../doctor/chosen-rules.ts";
import { type OutputChoice, printObject } from "../output.ts";

export function runExplain(
  { code, output }: { readonly code: string; readonly output: OutputChoice },
  app: App,
): void {
  const rules = rulesNamed(RETIRED_CODES[code] ?? code);
  if (rules.length === 0) throw unknownCode(code);
  if (output === "text") app.io.out(rules.map(page).join("\n"));
  else {
    const items = rules.map(({ code: name, causes, expects, needs }) => ({
      code: name,
      causes,
      expects,
      needs,
    }));
    printObject(app, output, "DoctorRuleList", { items });
  }
}

function page({ code, causes, expects, needs }: Rule): string {
  return [
    code,
    `  Rows:     ${causes.join(", ")}`,
    `  Expects:  ${expects}`,
    `  Judges:   ${needs.join(", ") || "whatever is known"}`,
    `  Alone:    kubectl vouch doctor --only ${code}`,
    "",
  ].join("\n");
}

function unknownCode(code: string): VouchError {
  const nearest = nearestName(code);
  return new VouchError("usage", `${code} is neither a rule nor a row of the catalogue.`, {
    hint: `${nearest === undefined ? "" : `Did you mean \`${nearest}\`? `}\`kubectl vouch doctor --list\` shows all.`,
  });
}
