// Uses timer-work-broken.ts as timer-work.scenario.ts uses timer-work.ts.
import "./timer-work.scenario.ts";
