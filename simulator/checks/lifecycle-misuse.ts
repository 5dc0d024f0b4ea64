// Reports what is asked of devices and drivers that their state does not allow, in the words of drivers/base.
//
// | what a driver does                                    | what the kernel says                                        |
// | ----------------------------------------------------- | ----------------------------------------------------------- |
// | registers a driver or device that is registered       | `Error: Driver 'x' is already registered, aborting...`,     |
// |                                                       | `tried to init an initialized object`                       |
// | unregisters a driver that is not registered           | `Unexpected driver unregister!`                             |
// | takes a device off its bus twice                      | nothing of its own; told in words of this simulator         |
// | gives up the last reference of a device without       | `Device 'x' does not have a release() function, it is       |
// | release function                                      | broken and must be fixed.`                                  |
// | manages resources of a device before its probe        | `Resources present before probing`                          |
// | turns runtime PM on twice, puts once too often        | `Unbalanced pm_runtime_enable!`, `usage count underflow!`   |
// | says that a child is active whose parent is not       | `runtime PM trying to activate child device`                |
// | disables a PCI device that is disabled                | `disabling already-disabled device`                         |
// | puts a node of the device tree once too often         | `ERROR: of_node_release() detected bad of_node_put() on %s` |
// | goes while a driver of it is bound, suspends or       | nothing of its own; told in words of this simulator         |
// | resumes the system twice                              |                                                             |
// | gives a clock up more often than it was taken         | `clk already disabled`, `clk already unprepared`            |
//
// What a driver leaves behind when it is unloaded is told by missing-release, a work or timer that is still active in
// memory that is freed by missing-cancel-on-remove.
import type { Check } from "./check.ts";
import { warnLines } from "./oops.ts";
import { dumpStack, siteOf } from "./wording.ts";

export const lifecycleMisuse: Check = {
  id: "lifecycle-misuse",
  summary: "Something is asked of a device or driver that its state does not allow",
  start({ ledger, report }) {
    return {
      warn: (event, moment) => {
        if (event.id !== "lifecycle-misuse") return;
        const { text, stack, where } = event;
        report({ title: text, lines: warnLines(text, stack, moment, ledger, where), site: siteOf(stack) });
        ledger.taint("W");
      },
      misuse: ({ text, stack }, moment) =>
        report({ title: text, lines: [text, ...dumpStack(moment, stack, ledger)], site: siteOf(stack) }),
    };
  },
};
