/**
 * `npm run lab`: keeps the lab up for use by hand. `--env-file FILE` writes lines `export NAME='value'` that a shell can
 * source, once everything answers. Ends cleanly on SIGTERM and Ctrl-C.
 */
import fs from "node:fs";
import { parseArgs } from "node:util";
import { administratorEnvironment, LAB_CLUSTER, LAB_PIN, LAB_REGION, LAB_ROLE, startLab } from "./lab.ts";

const { values } = parseArgs({ options: { "env-file": { type: "string" } } });
const envFile = values["env-file"];

const lab = await startLab();
const variables = {
  ...lab.env,
  ...administratorEnvironment(),
  LAB_CLUSTER,
  LAB_REGION,
  LAB_ROLE,
  LAB_PIN,
};
const exports = Object.entries(variables)
  .map(([name, value]) => `export ${name}='${value.replaceAll("'", "'\\''")}'\n`)
  .join("");
if (envFile !== undefined) {
  fs.writeFileSync(`${envFile}.new`, exports, { mode: 0o600 });
  fs.renameSync(`${envFile}.new`, envFile);
}

process.stderr.write(`The lab is up. Vouch: ${lab.vouch.url}  AWS: ${lab.aws.url}  API server: ${lab.cluster.endpoint}

In another terminal:
${envFile === undefined ? "  (start it with `npm run lab -- --env-file lab.env` to have a file to source)\n" : `  . ${envFile}\n`}  printf '%s\\n' "$LAB_PIN" | kubectl vouch login --pin-stdin
  kubectl vouch setup eks --cluster "$LAB_CLUSTER" --region "$LAB_REGION" --role "$LAB_ROLE" --diff
  kubectl --context lab-vouch get pods
  aws eks list-access-entries --cluster-name "$LAB_CLUSTER"

Ctrl-C ends it.
`);

let closing = false;
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    if (closing) return;
    closing = true;
    if (envFile !== undefined) fs.rmSync(envFile, { force: true });
    void lab.close().then(() => process.exit(0));
  });
}
