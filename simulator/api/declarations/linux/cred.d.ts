// Who runs the process that is under way, and for whom it acts.
import type { kgid_t, kuid_t } from "./uidgid.d.ts";

/** The user who runs the process. Context: process. Source: include/linux/cred.h */
export function current_uid(): kuid_t;
/** The user for whom it acts. Context: process. Source: include/linux/cred.h */
export function current_euid(): kuid_t;
/** The user for whom it acts on files. Context: process. Source: include/linux/cred.h */
export function current_fsuid(): kuid_t;
/** The group of the process. Context: process. Source: include/linux/cred.h */
export function current_gid(): kgid_t;
/** The group for which it acts. Context: process. Source: include/linux/cred.h */
export function current_egid(): kgid_t;
/** The group for which it acts on files. Context: process. Source: include/linux/cred.h */
export function current_fsgid(): kgid_t;
