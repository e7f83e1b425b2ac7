import { isNode, isSeq, type Node } from "yaml";
import { contentEnd, nodeSpan } from "../../../plugin/setup/yaml/layout.ts";
import { parseKubeconfig, SECTIONS, type Section } from "../../../token/kubeconfig/kubeconfig-document.ts";

/** The text of each entry, as it stands in the file; by `section/name`. */
export function entryTexts(text: string): Map<string, string> {
  const { yaml } = parseKubeconfig(text, "test");
  const texts = new Map<string, string>();
  for (const section of Object.keys(SECTIONS) as Section[]) {
    const list = yaml?.get(section);
    if (!isSeq(list)) continue;
    for (const item of list.items.filter(isNode) as Node[]) {
      const name = (item.toJS(yaml as never) as { name?: string } | null)?.name ?? "";
      texts.set(`${section}/${name}`, text.slice(nodeSpan(item).start, contentEnd(item)).trimEnd());
    }
  }
  return texts;
}
