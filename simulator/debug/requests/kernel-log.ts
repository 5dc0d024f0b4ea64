// `driverlab/kernelLog`: what the kernel has printed, and what it will print as far as the run was seen.
import type { LogLine as Printed, Report } from "../../machine.ts";
import type { KernelLog, LogLine } from "../../protocol.ts";
import type { Debuggee } from "../debuggee.ts";
import { placeOfSite, whoOf } from "../place.ts";

export function kernelLog(debuggee: Debuggee): KernelLog {
  const { log, reports } = debuggee.still;
  const all = [...log, ...debuggee.laterLines];
  let entry = -1;
  const lines = all.map((line, index) => {
    if (line.moment !== all[index - 1]?.moment) entry = index;
    return shown(line, entry, reports);
  });
  return { lines, present: log.length };
}

function shown({ text, level, site, clock, moment }: Printed, entry: number, reports: readonly Report[]): LogLine {
  const [, time = "", message = text] = /^\[ *(\d+\.\d+)\] (.*)$/.exec(text) ?? [];
  const report = reports.find((one) => one.clock === clock && one.lines[0]?.trimEnd() === message);
  return {
    text,
    level,
    message,
    time,
    who: whoOf(moment),
    clock,
    entry,
    ...(report === undefined ? {} : { report: { id: report.id, title: report.title } }),
    ...(site === undefined ? {} : { place: placeOfSite(site) }),
  };
}
