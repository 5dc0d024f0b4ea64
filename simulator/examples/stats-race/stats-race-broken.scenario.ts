// Uses stats-race-broken.ts as stats-race.scenario.ts uses stats-race.ts.
import "./stats-race.scenario.ts";
