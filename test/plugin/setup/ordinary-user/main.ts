import { setUpAwsProfile } from "../../../../plugin/setup/aws-setup.ts";
import { commitChanges } from "../../../../plugin/setup/commit-changes.ts";
import { planEks } from "../../../../plugin/setup/eks-plan.ts";
import { writeProblems } from "../../../../plugin/setup/setup-report.ts";
import { undoSetup } from "../../../../plugin/setup/undo/undo-plan.ts";
import { VouchError } from "../../../../token/errors/errors.ts";
import { readTextFile } from "../../../../token/files/plain-file.ts";
import { becomeOrdinaryUser } from "../../../support/ordinary-user.ts";
import { labEntry } from "../lab-entry.ts";

/** Does `setup`, `aws`, `undo` and `dry-run` with one file; prints what went wrong with each, a line for each. */
const [stateDir = "", file = "", ...actions] = process.argv.slice(2);
const place = { stateDir, clock: Date.now, waitMs: 0 };
const eks = () =>
  planEks({ paths: [file], entries: [labEntry({ region: "eu-west-1", endpoint: "https://eu" })] });
const aws = () => {
  const config = { path: file, text: readTextFile(file) };
  const credentials = { path: `${file}-credentials`, text: undefined };
  const wish = { via: [], server: "https://us.vouch.sh", command: "kubectl-vouch" };
  const role = "arn:aws:iam::111122223333:role/Dev";
  const result = setUpAwsProfile({ config, credentials }, { ...wish, role });
  return { changes: result.changes, result };
};

async function act(action: string): Promise<string> {
  try {
    if (action === "setup") await commitChanges(place, eks);
    else if (action === "aws") await commitChanges(place, aws);
    else if (action === "undo") await undoSetup(place, { kind: "kubeconfig", files: [file] });
    else return writeProblems(eks().changes).join(" ");
    return "";
  } catch (error) {
    if (!(error instanceof VouchError)) throw error;
    return `${error.code}: ${error.message} ${error.hint}`;
  }
}

becomeOrdinaryUser();
for (const action of actions) process.stdout.write(`${await act(action)}\n`);
