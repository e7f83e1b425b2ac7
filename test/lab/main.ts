/**
 * `npm run lab`: keeps the lab up for use by hand. `--env-file lab.env` writes lines `export NAME='value'` that a shell can
 * source, once everything answers: for the developer into that file, for the administrator into `lab-admin.env` beside it, and
 * for somebody with IAM Identity Center and no Vouch server into `lab-sso.env`.
 * Ends cleanly on SIGTERM and Ctrl-C. `--real` starts kube-apiserver, etcd and aws-iam-authenticator in place of our
 * stand-ins, and builds them first where they are missing, which needs Go and takes minutes.
 */
import fs from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { buildGoPrograms } from "../peers/go/programs.ts";
import { addAdministrator, LAB_ADMIN_ROLE } from "./administrator.ts";
import { addAgentRole } from "./agent-role.ts";
import { addIdentityCenterPerson, PROFILE } from "./identity-center-person.ts";
import { LAB_CLUSTER, LAB_PIN, LAB_REGION, LAB_ROLE, startLab } from "./lab.ts";

const { values } = parseArgs({
  options: { "env-file": { type: "string" }, real: { type: "boolean" }, help: { type: "boolean" } },
});

if (values.help) {
  process.stdout.write(`npm run lab -- [--env-file FILE] [--real]

Keeps a Vouch server, AWS and a cluster up on loopback until Ctrl-C; prints what to try in it.
  --env-file FILE  Write variables to source: FILE, and next to it FILE-admin and FILE-sso (lab.env, lab-admin.env, …)
  --real           Run kube-apiserver, etcd and aws-iam-authenticator; the first time, this builds them with Go
`);
  process.exit();
}

if (values.real) {
  await buildGoPrograms((line) => process.stderr.write(`${line}\n`)).catch((error: unknown) => {
    process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  });
}
const lab = await startLab(values.real === undefined ? {} : { real: values.real });
const administrator = await addAdministrator(lab);
const agentRole = addAgentRole(lab);
const colleague = await addIdentityCenterPerson(lab);
const outpost = await lab.addCluster({ name: "factory", outpostId: "0c3a5e1e-7b6f-4a57-9d53-6a2b8f5f9a10" });
const envFiles = values["env-file"] === undefined ? undefined : writeEnvFiles(values["env-file"]);

const logIn = `printf '%s\\n' "$LAB_PIN" | kubectl vouch login --pin-stdin`;
const setUp = `kubectl vouch setup eks --cluster "$LAB_CLUSTER" --region "$LAB_REGION" --role "$LAB_ROLE"`;
const [forDeveloper, forAdministrator, forColleague] = envFiles ?? [];
process.stderr.write(`The lab is up. Vouch: ${lab.vouch.url}  AWS: ${lab.aws.url}  API server: ${lab.cluster.endpoint}

${envFiles === undefined ? "Start it with `npm run lab -- --env-file lab.env` to have files to source.\n\n" : ""}In another terminal, as ${lab.email}, who may describe the cluster and view some namespaces:
${source(forDeveloper)}  ${logIn}
  ${setUp} --diff
  kubectl --context lab-vouch get pods

In a third one, as ${administrator.email}, the cluster admin:
${source(forAdministrator)}  ${logIn}
  ${setUp}
  kubectl vouch setup aws --role "$LAB_ROLE" --region "$LAB_REGION" && export AWS_PROFILE=vouch
  aws eks delete-access-entry --cluster-name "$LAB_CLUSTER" --principal-arn ${LAB_ROLE}
  ${setUp} --agent-role "$LAB_AGENT_ROLE"    (now CLAUDECODE=1 kubectl reads and no more)

Now the first one is refused: \`kubectl vouch doctor --context lab-vouch --save /tmp/case.json\` there, and
\`kubectl vouch doctor --evidence /tmp/case.json --complete\` here.

In a fourth one, as somebody with IAM Identity Center and no Vouch server; the browser is \`curl -L --cacert "$AWS_CA_BUNDLE"\`:
${source(forColleague)}  kubectl vouch login --profile ${PROFILE}            (with --device-code: open the address with &answer=allow behind it)
  kubectl vouch setup eks --cluster "$LAB_CLUSTER" --profile ${PROFILE}
  kubectl get pods

Cluster ${outpost.name} is a local cluster on an Outpost: its tokens are signed for its ID.

Ctrl-C ends it.
`);

function source(file: string | undefined): string {
  return file === undefined ? "" : `  . ${file}\n`;
}

/** Returns the files: the developer's, the administrator's, that of the person with Identity Center. */
function writeEnvFiles(file: string): readonly [string, string, string] {
  const { dir, name, ext } = path.parse(file);
  const beside = (who: string) => path.join(dir, `${name}-${who}${ext}`);
  writeExports(beside("admin"), { ...administrator.env, LAB_ROLE: LAB_ADMIN_ROLE, LAB_PIN });
  writeExports(beside("sso"), colleague.env);
  writeExports(file, { ...lab.env, LAB_ROLE, LAB_PIN });
  return [file, beside("admin"), beside("sso")];
}

function writeExports(file: string, env: Readonly<Record<string, string>>): void {
  const variables = { ...env, LAB_CLUSTER, LAB_REGION, LAB_AGENT_ROLE: agentRole };
  const exports = Object.entries(variables)
    .map(([name, value]) => `export ${name}='${value.replaceAll("'", "'\\''")}'\n`)
    .join("");
  fs.writeFileSync(`${file}.new`, exports, { mode: 0o600 });
  fs.renameSync(`${file}.new`, file);
}

let closing = false;
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    if (closing) return;
    closing = true;
    for (const file of envFiles ?? []) fs.rmSync(file, { force: true });
    void lab.close().then(() => process.exit(0));
  });
}
