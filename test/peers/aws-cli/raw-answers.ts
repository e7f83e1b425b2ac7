import path from "node:path";
import type { AwsStandIn } from "../../lab/aws/stand-in.ts";
import { runCommand } from "../../support/run-command.ts";
import type { AwsCli } from "./programs.ts";

/** An answer of the stand-in as it went over the wire. */
export interface RawAnswer {
  readonly service: string;
  readonly operation: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Keeps every answer to a known operation from now on. */
export function keepAnswers(standIn: AwsStandIn): readonly RawAnswer[] {
  const kept: RawAnswer[] = [];
  let seen = standIn.calls.length;
  standIn.faults.takeover = (_request, response) => {
    const { writeHead, end } = response;
    let headers: RawAnswer["headers"] = {};
    response.writeHead = ((status: number, given: RawAnswer["headers"]) => {
      headers = given;
      return writeHead.call(response, status, given);
    }) as typeof writeHead;
    response.end = ((body: string) => {
      const call = standIn.calls.length > seen ? standIn.calls.at(-1) : undefined;
      seen = standIn.calls.length;
      if (call !== undefined) {
        const { service, operation } = call;
        kept.push({ service, operation, status: response.statusCode, headers, body });
      }
      return end.call(response, body, "utf8");
    }) as typeof end;
    return false;
  };
  return kept;
}

/** What botocore finds wrong with each answer. */
export async function judgeAnswers(
  { python }: AwsCli,
  answers: readonly RawAnswer[],
): Promise<readonly (readonly string[])[]> {
  const script = path.join(import.meta.dirname, "judge-answers.py");
  const { status, stdout, stderr } = await runCommand([python, script], {
    env: { PYTHONUTF8: "1" },
    stdin: JSON.stringify(answers),
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as readonly (readonly string[])[];
}
