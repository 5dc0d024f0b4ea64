// `driverlab/kernelLog`: what the kernel has printed up to the present moment.
import type { KernelLog } from "../../protocol.ts";
import type { Debuggee } from "../debuggee.ts";
import { placeOfSite } from "../place.ts";

export function kernelLog(debuggee: Debuggee): KernelLog {
  const { log } = debuggee.still;
  return {
    lines: log.map(({ text, level, site }) => ({
      text,
      level,
      ...(site === undefined ? {} : { place: placeOfSite(site) }),
    })),
  };
}
