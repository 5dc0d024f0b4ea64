// Who a process is, and what it may: user and group ids, capabilities.
// Source: include/linux/cred.h, kernel/capability.c, include/uapi/linux/capability.h
import type { Task } from "../engine/task.ts";
import type { Core } from "./core.ts";

export const CAPABILITIES = {
  CAP_CHOWN: 0,
  CAP_DAC_OVERRIDE: 1,
  CAP_FOWNER: 3,
  CAP_KILL: 5,
  CAP_SETUID: 7,
  CAP_NET_ADMIN: 12,
  CAP_NET_RAW: 13,
  CAP_IPC_LOCK: 14,
  CAP_SYS_MODULE: 16,
  CAP_SYS_RAWIO: 17,
  CAP_SYS_ADMIN: 21,
  CAP_SYS_BOOT: 22,
  CAP_SYS_NICE: 23,
  CAP_SYS_RESOURCE: 24,
  CAP_SYS_TIME: 25,
  CAP_SYS_TTY_CONFIG: 26,
  CAP_SYSLOG: 34,
} as const;

interface Ids {
  uid: number;
  euid: number;
  gid: number;
  egid: number;
}

export class Credentials {
  private readonly core: Core;
  private readonly ids = new Map<Task, Ids>();

  constructor(core: Core) {
    this.core = core;
  }

  /** Those of `current`: root, unless it became somebody else. */
  get current(): Readonly<Ids> {
    return this.ids.get(this.core.task) ?? { uid: 0, euid: 0, gid: 0, egid: 0 };
  }

  /** setresuid() and setresgid(): undefined leaves an id as it is. */
  set(ids: Partial<Ids>): void {
    this.ids.set(this.core.task, { ...this.current, ...ids });
  }

  /** capable(): who is no longer root has no capability. */
  get isCapable(): boolean {
    return this.current.euid === 0;
  }

  exited(task: Task): void {
    this.ids.delete(task);
  }
}
