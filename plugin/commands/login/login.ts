import { VouchError } from "../../../token/errors/errors.ts";
import { defineCommand } from "../../command-line/command-line.ts";
import {
  type CommandContext,
  callbackPortOption,
  deviceCodeOption,
  flag,
  KEY_TIMEOUT_SECONDS,
  keyStoreOption,
  outputOption,
  pinStdinOption,
  serverOption,
  text,
} from "../options.ts";

export function loginCommand(context: CommandContext) {
  return defineCommand({
    command: "login",
    describe: "Log in to Vouch with your security key, or log in for an AWS profile",
    builder: (declare) =>
      declare
        .option("server", serverOption)
        .option("account", text("E-mail address, if your key has several accounts"))
        .option("timeout", {
          type: "number",
          requiresArg: true,
          describe: `Seconds to wait for a security key (default: ${KEY_TIMEOUT_SECONDS}; 0 = no limit) or, with --profile, for your approval in the browser (default and maximum: ten minutes, AWS's limit)`,
        })
        .option("pin-stdin", pinStdinOption)
        .option("key-store", keyStoreOption)
        .option(
          "profile",
          text(
            "AWS profile to log in for: IAM Identity Center in the browser, or an MFA code (default: AWS_PROFILE)",
          ),
        )
        .option("device-code", deviceCodeOption("--profile"))
        .option("callback-port", callbackPortOption("--profile"))
        .option("force", flag("Log in again, even if already logged in"))
        .option(
          "if-needed",
          text("Do nothing, silently, if the session is valid for at least this long: 1h, 30m"),
        )
        .option("output", outputOption("Login", "ProfileLogin"))
        .example("$0 login", "Asks for the PIN, then for a touch")
        .example("$0 login --server https://vouch.example.com", "To your company's own server")
        .example("$0 login --profile dev", "To IAM Identity Center, for the AWS CLI and the SDKs too")
        .example("$0 login --profile dev --device-code", "From a machine without a browser")
        .example(
          "$0 login --profile dev --callback-port 8400",
          "On a server that you reached with ssh -L 8400:127.0.0.1:8400",
        )
        .example("$0 login --if-needed 1h", "In a script or shell profile")
        .example("pass show vouch-pin | $0 login --pin-stdin", "With the PIN from a password manager"),
    handler: async (options) => {
      const { app, color } = context;
      const { Desk } = await import("../../workplace/workplace.ts");
      const desk = new Desk(app);
      const { loginProfileMeant, runLogin } = await import("./login.run.ts");
      const meant = options.profile ?? loginProfileMeant(desk, options);
      if (meant !== undefined) {
        const { runProfileLogin } = await import("./login-profile.run.ts");
        return runProfileLogin({ ...options, profile: meant, color }, desk);
      }
      if (options.callbackPort !== undefined)
        throw new VouchError("usage", "--callback-port works only with --profile.");
      if (options.deviceCode) throw new VouchError("usage", "--device-code works only with --profile.");
      await runLogin(options, desk);
    },
  });
}
