/** The page's worker: it has the rules, opens files, and is terminated when it takes too long. */
import { answer } from "./judge.ts";
import { LONG } from "./limits.ts";
import type { PageAnswer, PageRequest, Sent, SentText } from "./messages.ts";
import { unpacked } from "./unpack.ts";

self.onmessage = ({ data }: MessageEvent<PageRequest>) => {
  const { texts } = data;
  if (texts.every(isHere)) self.postMessage(light(answer({ ...data, texts })));
  else
    readTexts(data.kind, texts)
      .then((read) => self.postMessage(light(answer({ ...data, texts: read }))))
      .catch(reportError);
};

function isHere(text: SentText): text is SentText<string> {
  return typeof text.text === "string";
}

/** What is to be masked comes from files; what is to be judged has been here before. */
async function readTexts(kind: PageRequest["kind"], texts: readonly SentText[]): Promise<SentText<string>[]> {
  const read: SentText<string>[] = [];
  for (const sent of texts) {
    if (isHere(sent)) read.push(sent);
    else if (kind === "mask") read.push(...(await unpacked(sent.name, sent.text as Blob)));
    else read.push({ name: sent.name, text: await (sent.text as Blob).text() });
  }
  return read;
}

/** An answer whose long texts are blobs. */
function light(given: PageAnswer): PageAnswer {
  if (given.kind === "masked")
    return { ...given, texts: given.texts.map((sent) => ({ ...sent, text: blobOf(sent.text) })) };
  if (given.kind !== "judged") return given;
  return { ...given, document: blobOf(given.document), evidence: blobOf(given.evidence) };
}

function blobOf(text: Sent): Sent {
  return typeof text === "string" && text.length > LONG && typeof Blob === "function"
    ? new Blob([text])
    : text;
}
