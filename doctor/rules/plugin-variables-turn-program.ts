import { setVariable, unsetVariables } from "../../token/command/command.ts";
import { known } from "../evidence.ts";
import type { ExecBlock } from "../facts/exec-block.ts";
import type { Facts } from "../facts/facts.ts";
import { type Refusal, refusalIn } from "../facts/refusal-words.ts";
import type { Fix } from "../fixes/fix.ts";
import { setExecEnv } from "../fixes/kubeconfig-commands.ts";
import { defineRule, type Finding } from "../rule.ts";

/** Variables that make a program load or run something else, or trust somebody else. Source: sea, section 4. */
const TURNING = /^(?:NODE_|LD_|DYLD_)|^OPENSSL_(?:CONF|MODULES|ENGINES)$/;

/** Of Node's variables, one that is everywhere and turns nothing. */
const HARMLESS = new Set(["NODE_ENV"]);

/** How we refuse to run where certificates would not be checked. Source: plugin/cli.ts. */
const REFUSED = /NODE_TLS_REJECT_UNAUTHORIZED=0 would switch off the check of certificates/;

export const pluginVariablesTurnProgram = defineRule({
  code: "plugin-variables-turn-program",
  causes: ["V6"],
  expects: "no variable makes the exec plugin load foreign code",
  needs: ["exec"],
  judge(facts) {
    const { exec, evidence } = facts;
    const written = Object.keys(exec.env).filter(isTurning);
    const dropped = Object.keys(known(evidence.droppedEnvironment) ?? {}).filter(isTurning);
    const refusal = refusalIn(facts, REFUSED);
    return [
      ...(refusal === undefined ? [] : [refusedToRun(facts, refusal)]),
      ...(written.length === 0 ? [] : [inEntry(facts, exec, written)]),
      ...(dropped.length === 0 ? [] : [inEnvironment(dropped)]),
    ];
  },
});

const BASE = { cause: "V6", stage: "plugin", severity: "warning", confidence: "certain" } as const;

function refusedToRun(facts: Facts, { severity, confidence, said }: Refusal): Finding {
  const isWritten = facts.exec?.env["NODE_TLS_REJECT_UNAUTHORIZED"] !== undefined;
  return {
    ...BASE,
    severity,
    confidence,
    summary:
      "NODE_TLS_REJECT_UNAUTHORIZED=0 is set, and kubectl-vouch does not run without checking certificates.",
    evidence: [said],
    falsifiedBy: "Without the variable, the plugin fails in the same way.",
    fixes: [
      {
        audience: "you",
        description:
          "Take the variable away; a certificate authority of your company goes into VOUCH_CA_BUNDLE.",
        actions: [
          isWritten
            ? setExecEnv(facts, { NODE_TLS_REJECT_UNAUTHORIZED: undefined })
            : unsetVariables("NODE_TLS_REJECT_UNAUTHORIZED"),
        ],
      },
    ],
  };
}

function inEntry(facts: Facts, { env, program }: ExecBlock, names: readonly string[]): Finding {
  return {
    ...BASE,
    summary: `The kubeconfig entry sets ${names.join(", ")}, which can make ${program} run foreign code.`,
    evidence: names.map((name) => `exec.env has ${name}=${env[name]}.`),
    falsifiedBy: "You have put them there on purpose.",
    fixes: [
      {
        audience: "you",
        description: "Take them out of the entry.",
        actions: [setExecEnv(facts, Object.fromEntries(names.map((name) => [name, undefined])))],
      },
    ],
  };
}

function inEnvironment(names: readonly string[]): Finding {
  const forAuthority: Fix = {
    audience: "you",
    description: "For a certificate authority of your company use the variable that kubectl-vouch reads.",
    actions: [setVariable("VOUCH_CA_BUNDLE", "PEM_FILE")],
  };
  return {
    ...BASE,
    summary: `The environment has ${names.join(", ")}; kubectl-vouch does without, other plugins may not.`,
    evidence: names.map((name) => `The launcher kept ${name} from the program.`),
    falsifiedBy: "You have set them on purpose, for other programs.",
    fixes: [
      { audience: "you", description: "Unset them.", actions: [unsetVariables(...names)] },
      ...(names.includes("NODE_EXTRA_CA_CERTS") ? [forAuthority] : []),
    ],
  };
}

function isTurning(name: string): boolean {
  return TURNING.test(name) && !HARMLESS.has(name);
}
