// What counts as kernel code: everything else is met with silence.
import type { Knowledge } from "../knowledge/knowledge.ts";
import type { Include } from "../syntax/ast.ts";
import type { ParsedFile } from "../syntax/parser.ts";
import type { Host } from "../text/host.ts";
import { kbuildFacts } from "./kbuild.ts";

/** Why the file is no kernel code, or undefined when it is built for the kernel or shows that it is meant to be. */
export function whyNotKernel(file: ParsedFile, knowledge: Knowledge, host: Host): string | undefined {
  const kbuild = kbuildFacts(file.path, host);
  if (kbuild.hostProgram) return "it is built as a program that runs on the build machine, not in the kernel";
  if (kbuild.builtForKernel) return undefined;
  const { fileMacros, includes } = file.unit;
  if (fileMacros.some((each) => MODULE_MACROS.has(each.name))) return undefined;
  const isUserApi = ({ path }: Include): boolean => knowledge.uapiHeader(path) !== undefined && !IN_PRACTICE.has(path);
  if (includes.some((each) => /^(linux|asm)\//.test(each.path) && !isUserApi(each))) return undefined;
  // User space has folders and words of the same names; what it hardly ever does without are headers of the C library.
  const isOfUserSpace = includes.some(
    ({ path, system }) => system && (!path.includes("/") || /^(sys|netinet|arpa|bits|gnu|bpf)\//.test(path)),
  );
  if (!isOfUserSpace) {
    if (includes.some(({ path }) => KERNEL_FOLDERS.has(path.split("/", 1)[0]!) && !USER_API.test(path)))
      return undefined;
    if (includes.some(({ system }) => !system) && KERNEL_WORDS.test(file.text)) return undefined;
  }
  return "no Kbuild builds it for the kernel, it includes no kernel header and has no module macro";
}

/** Headers that user space has by name too (include/uapi/linux), but that only kernel code includes. */
const IN_PRACTICE: ReadonlySet<string> = new Set(["linux/kernel.h", "linux/module.h"]);

/** Folders of include/ beside linux and asm; those that hold nothing but the interface to user space left out. */
const KERNEL_FOLDERS: ReadonlySet<string> = new Set([
  "acpi",
  "asm-generic",
  "clocksource",
  "crypto",
  "cxl",
  "drm",
  "keys",
  "kunit",
  "kvm",
  "math-emu",
  "media",
  "memory",
  "misc",
  "net",
  "pcmcia",
  "ras",
  "rdma",
  "rv",
  "scsi",
  "soc",
  "sound",
  "target",
  "trace",
  "ufs",
  "vdso",
  "video",
  "xen",
]);

/** The interface to user space in those folders: include/uapi/drm, rdma, scsi, sound, video and xen. */
const USER_API =
  /^(drm\/(drm|drm_fourcc|drm_mode|drm_sarea|\w+_(drm|accel))|rdma\/(hfi\/\w+|\w+-abi|ib_user_\w+|rdma_netlink|rdma_user_\w+)|scsi\/(fc\/|scsi_bsg_|scsi_netlink)\w+|sound\/(asequencer|asound\w*|asoc|compress_\w+|firewire|hdspm?|tlv|sof\/\w+)|video\/(edid|\w+fb)|xen\/(evtchn|gnt\w+|privcmd))\.h$/;

/** What only kernel code says: many drivers leave every include to a header of their own. */
const KERNEL_WORDS =
  /\b(GFP_(KERNEL|ATOMIC|NOWAIT|NOIO|NOFS)|spin_(un)?lock_(irq|irqsave|irqrestore|bh)|irqreturn_t|__iomem|__user|copy_(from|to)_user|k[zmc]alloc|kfree|dev_(err|warn|info|dbg)|down_interruptible|schedule_timeout\w*|jiffies|struct (work_struct|net_device|pci_dev))\b/;

/** Macros of include/linux/module.h and init.h that only kernel code has. */
const MODULE_MACROS: ReadonlySet<string> = new Set([
  "MODULE_LICENSE",
  "MODULE_AUTHOR",
  "MODULE_DESCRIPTION",
  "MODULE_DEVICE_TABLE",
  "module_init",
  "module_exit",
  "EXPORT_SYMBOL",
  "EXPORT_SYMBOL_GPL",
]);
