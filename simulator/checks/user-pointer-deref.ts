// Reports memory of user space that the kernel touches directly, in the words of KASAN; the oops follows.
import { hex } from "../engine/interfaces.ts";
import { TASK_SIZE, USER_START } from "../kernel/addresses.ts";
import type { Check } from "./check.ts";
import { kasanReport } from "./kasan.ts";
import { caller } from "./wording.ts";

export const userPointerDeref: Check = {
  id: "user-pointer-deref",
  summary: "Memory of user space is read or written without copy_from_user() and its kin",
  start(bench) {
    return {
      oops: (event, moment) => {
        if (event.access === undefined || event.access.isFetch) return;
        const { stack } = event;
        const { address, bytes, isWrite } = event.access;
        if (address < USER_START || address >= TASK_SIZE) return;
        const access = `${isWrite ? "Write" : "Read"} of size ${bytes} at addr ${hex(address)}`;
        const culprit = caller(stack);
        const bug = "user-memory-access";
        bench.report(kasanReport({ bug, access, address, object: undefined, stack, culprit }, moment, bench));
      },
    };
  },
};
