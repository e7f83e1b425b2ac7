import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { createInterface } from "node:readline";
import type { AwsCli } from "./programs.ts";

/** Another stand-in for AWS, made by others: https://github.com/getmoto/moto */
export interface Moto {
  readonly url: string;
  close(): Promise<void>;
}

/** Starts it in the Python of an AWS CLI, which must have `moto[server]`. */
export async function startMoto({ python }: AwsCli, accountId: string): Promise<Moto> {
  const script = path.join(import.meta.dirname, "moto-server.py");
  const env = { MOTO_ACCOUNT_ID: accountId, AWS_EC2_METADATA_DISABLED: "true" };
  const child = spawn(python, [script], { env, stdio: ["pipe", "pipe", "inherit"] });
  const { value: url, done } = await createInterface({ input: child.stdout })[Symbol.asyncIterator]().next();
  if (done) throw new Error("moto did not start");
  return {
    url,
    async close() {
      child.stdin.end();
      await once(child, "close");
    },
  };
}
