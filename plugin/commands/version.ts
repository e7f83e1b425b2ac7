import { VERSION } from "../../token/hot/version.ts";
import { defineCommand } from "../command-line/command-line.ts";
import { type CommandContext, outputOption } from "./options.ts";

export function versionCommand({ app }: CommandContext) {
  return defineCommand({
    command: "version",
    describe: "Print the version",
    builder: (declare) =>
      declare
        .option("output", outputOption("Version"))
        .example("$0 version -o json", "With runtime and platform"),
    handler: async ({ output }) => {
      if (output === "text") return app.io.out(`kubectl-vouch ${VERSION}\n`);
      const { printObject } = await import("../terminal/output.ts");
      printObject(app, output, "Version", {
        version: VERSION,
        runtime: `node ${process.versions.node}`,
        platform: `${app.platform}/${process.arch}`,
        execCredentialVersions: ["client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"],
      });
    },
  });
}
