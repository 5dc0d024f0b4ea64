// Uses serial1-polled-broken.ts as serial1-polled.scenario.ts uses serial1-polled.ts.
import "./serial1-polled.scenario.ts";
