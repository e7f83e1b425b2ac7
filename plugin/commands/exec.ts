import { defineCommand } from "../command-line/command-line.ts";
import type { RoleFlags } from "../vouch/role-choice.ts";
import { type CommandContext, ROLE_OPTIONS } from "./options.ts";

export function execCommand(context: CommandContext) {
  return defineCommand({
    command: "exec",
    describe: "Run a program with the credentials of an AWS profile or role",
    builder: (declare) =>
      declare
        .usage("exec [options] -- COMMAND")
        .options(ROLE_OPTIONS)
        .example("$0 exec --profile dev -- aws s3 ls", "With any AWS profile")
        .example("$0 exec --role arn:aws:iam::111122223333:role/Dev -- terraform plan", "")
        .example("$0 exec --profile dev -- bash", "A shell that has the credentials until they expire"),
    handler: async (options) => {
      const { runExec } = await import("./exec.run.ts");
      const { "--": behind } = options as RoleFlags & { readonly "--"?: readonly unknown[] };
      context.exit = await runExec({ ...options, command: (behind ?? []).map(String) }, context.app);
    },
  });
}
