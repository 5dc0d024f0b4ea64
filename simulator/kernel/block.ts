// The block layer: disks, what is submitted to them, and their files.
import { BioSubmission } from "./bio-submission.ts";
import { Bios } from "./bios.ts";
import { BlkMq, type Ground } from "./blk-mq.ts";
import { BlockCache } from "./block-cache.ts";
import { BlockFiles } from "./block-files.ts";
import { Disks } from "./disks.ts";
import type { FaultInjection } from "./fault-injection.ts";
import type { Files } from "./files.ts";
import type { Modules } from "./modules.ts";
import type { Pages } from "./pages.ts";
import { RequestQueues } from "./request-queues.ts";
import type { UserMemory } from "./user.ts";

/** The parts of the kernel that it stands on. */
interface Parts extends Ground {
  readonly faults: FaultInjection;
  readonly pages: Pages;
  readonly user: UserMemory;
  readonly modules: Modules;
  readonly files: Files;
}

export class Block {
  readonly bios: Bios;
  readonly queues: RequestQueues;
  readonly mq: BlkMq;
  readonly disks: Disks;
  readonly submission: BioSubmission;

  constructor(parts: Parts) {
    const { core, log, slab } = parts;
    this.bios = new Bios(core, slab, parts.faults);
    this.queues = new RequestQueues(core, log, slab);
    this.mq = new BlkMq(parts, this.queues, this.bios);
    this.disks = new Disks(parts, this.queues, this.mq);
    const { bios, queues, mq, disks } = this;
    this.submission = new BioSubmission(core, log, bios, queues, mq, disks);
    const { submission } = this;
    const cache = new BlockCache(parts, parts.pages, bios, submission, disks);
    // Its functions are reached by the files that it makes.
    void new BlockFiles(parts, parts, { bios, queues, submission, disks, cache });
  }
}
