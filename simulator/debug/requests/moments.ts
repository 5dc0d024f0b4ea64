// `driverlab/moments`: the reports of the run so far, and the moments that they speak of, to be travelled to.
import type { Moments } from "../../protocol.ts";
import type { Debuggee } from "../debuggee.ts";
import { placeOfSite } from "../place.ts";
import { wholly } from "./log-past.ts";

export function moments(debuggee: Debuggee): Moments {
  debuggee.still;
  const reports = wholly(debuggee.session.moments());
  return {
    reports: reports.map(({ report: { id, title, clock, site }, related }) => ({
      id,
      title,
      clock,
      ...(site === undefined ? {} : { place: placeOfSite(site) }),
      related,
    })),
  };
}
