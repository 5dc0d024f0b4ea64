// linux/capability, linux/cred and linux/uidgid: who the caller is, and what it may.
import { CAPABILITIES } from "../kernel/credentials.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { Header } from "./header.ts";

export function capability({ core, credentials }: Kernel): Header {
  const header = new Header(core);
  header.constants(CAPABILITIES);
  /** Whether the running process has a capability. Task context. */
  header.plain("capable", ["int"], "bool", () => credentials.isCapable);
  return header;
}

export function cred({ core, credentials }: Kernel): Header {
  const header = new Header(core);
  /** Who runs the process, and for whom it acts: kuid_t and kgid_t are their numbers here. Task context. */
  header.plain("current_uid", [], "u32", () => credentials.current.uid);
  header.plain("current_euid", [], "u32", () => credentials.current.euid);
  header.plain("current_fsuid", [], "u32", () => credentials.current.euid);
  header.plain("current_gid", [], "u32", () => credentials.current.gid);
  header.plain("current_egid", [], "u32", () => credentials.current.egid);
  header.plain("current_fsgid", [], "u32", () => credentials.current.egid);
  return header;
}

export function uidgid({ core }: Kernel): Header {
  const header = new Header(core);
  header.constants({ GLOBAL_ROOT_UID: 0, GLOBAL_ROOT_GID: 0, INVALID_UID: 0xffffffff });
  for (const [value, init, equal] of [
    ["__kuid_val", "KUIDT_INIT", "uid_eq"],
    ["__kgid_val", "KGIDT_INIT", "gid_eq"],
  ] as const) {
    /** The number of an id. Any context. */
    header.plain(value, ["u32"], "u32", (id: number) => id);
    /** The id of a number. Any context. */
    header.plain(init, ["u32"], "u32", (id: number) => id);
    /** Whether two ids are the same. Any context. */
    header.plain(equal, ["u32", "u32"], "bool", (left: number, right: number) => left === right);
  }
  return header;
}
