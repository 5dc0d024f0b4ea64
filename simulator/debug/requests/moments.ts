// `driverlab/moments`: the reports of the run so far, and the moments that they speak of, to be travelled to.
import type { Portions } from "../../control/run.ts";
import type { Moments } from "../../protocol.ts";
import type { Debuggee } from "../debuggee.ts";
import { Later } from "../looks.ts";
import { placeOfSite } from "../place.ts";

export function moments(debuggee: Debuggee): Later {
  debuggee.still;
  return new Later("Looking for the moments that reports speak of", momentsOf(debuggee));
}

function* momentsOf({ session }: Debuggee): Portions<Moments> {
  const reports = yield* session.moments();
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
