/** The release in the folder that KUBECTL_VOUCH_RELEASE names, with the real krew and the real kubectl. */
import { demandedRelease } from "../support/shipped-files.ts";
import { describeKrewLife } from "./krew-life.ts";

describeKrewLife("the release", demandedRelease);
