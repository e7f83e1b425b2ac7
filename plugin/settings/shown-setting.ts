import { maskText } from "../../token/masking/mask-text.ts";
import { type SettingName, settingKey } from "../../token/settings/setting-keys.ts";

/** A setting's value as people write it: a switch is `on` or `off`. */
export function shownSetting(name: SettingName, value: string | boolean): string | boolean {
  if (settingKey(name).kind !== "switch") return value;
  return value === true ? "on" : "off";
}

/** A user without a password: it may be a token. */
const USER_ALONE = /^((?:[a-z][a-z\d+.-]*:)?\/\/)[^:@/]*@/i;

/** An address may contain a password; that of a proxy may lack a scheme. */
export function withoutPassword(value: string): string {
  if (USER_ALONE.test(value)) return value.replace(USER_ALONE, "$1***@");
  return value.replace(/^((?:[a-z][a-z\d+.-]*:\/\/)?[^:@]*):.*@/i, "$1:***@");
}

/** What a user typed, to be shown again, with secrets masked. */
export function repeated(text: string): string {
  return maskText(withoutPassword(text));
}
