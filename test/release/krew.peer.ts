/** The release in the folder that KUBECTL_VOUCH_RELEASE names, with the real krew and the real kubectl. */
import { releaseFolder } from "../support/shipped.ts";
import { describeKrewLife } from "./krew-life.ts";

describeKrewLife("the release", releaseFolder);
