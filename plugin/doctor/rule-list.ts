import { RULES } from "../../doctor/causes/index.ts";
import type { App } from "../app.ts";
import { printObject, table } from "../terminal/output.ts";
import type { ReportChoice } from "./doctor-options.ts";

/** Prints every rule: its code, the rows of the catalogue it can name, and what it expects of a healthy context. */
export function printRules(app: App, output: ReportChoice): void {
  const rules = RULES.map(({ code, causes, expects }) => ({ code, causes, expects }));
  if (output === "json" || output === "yaml") {
    printObject(app, output, "DoctorRuleList", { items: rules });
    return;
  }
  const rows = rules.map(({ code, causes, expects }) => [code, causes.join(","), expects]);
  app.io.out(table([["CODE", "CAUSES", "EXPECTS"], ...rows]));
}
